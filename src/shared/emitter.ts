export type Unsubscribe = () => void;

/** A typed list of listeners for one kind of event. A listener that throws does not keep the others from being called. */
export class Emitter<T> {
  readonly #listeners = new Set<(event: T) => void>();
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = () => undefined) {
    this.#onListenerError = onListenerError;
  }

  subscribe(listener: (event: T) => void): Unsubscribe {
    const own = (event: T): void => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}
