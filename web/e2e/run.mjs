/** Plays one story: node e2e/run.mjs upload. What it needs stands in the environment, see stage.mjs. */
const [name] = process.argv.slice(2);
const { default: play } = await import(`./${name}.mjs`);
await play();
