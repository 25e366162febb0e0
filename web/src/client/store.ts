/** A value that changes, in the shape that `useSyncExternalStore` takes; many changes at once are told as one. */
export class Store<T> {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private value: T,
    private readonly quiet = 80,
  ) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** `now`: a person waits for it; else listeners hear of it within `quiet` milliseconds. */
  set(value: T, now = false): void {
    this.value = value;
    if (now) this.tell();
    else this.timer ??= setTimeout(() => this.tell(), this.quiet);
  }

  private tell(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const listener of [...this.listeners]) listener();
  }
}
