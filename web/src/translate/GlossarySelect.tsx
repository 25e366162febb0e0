import { useText } from "../i18n";
import { Select } from "../ui/Select";
import { useGlossaries } from "./queries";

/** One of the stored glossaries, or none. */
export function GlossarySelect({ value, onChoose }: { value: string; onChoose(name: string): void }) {
  const text = useText();
  const { data = [] } = useGlossaries();
  return (
    <Select label={text.translate.glossary} value={value} onChange={(event) => onChoose(event.target.value)}>
      <option value="">{text.translate.noGlossary}</option>
      {data.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}
