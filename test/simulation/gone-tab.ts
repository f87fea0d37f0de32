const text = 'the tab is gone'

/** What code of a killed tab gets where it asks for more of its storage. */
export function goneTab(): DOMException {
  return new DOMException(text, 'AbortError')
}

/** True for what a listener of such a tab has thrown: it has no page any more that would report it. */
export function isOfGoneTab(error: unknown): boolean {
  return error instanceof AggregateError && error.errors.every(({ message }) => message === text)
}
