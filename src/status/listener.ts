/** Calls user code that only listens: what it throws, or the promise it answers rejects with, is reported (I13). */
export function callListener<T>(
  listener: (data: T) => unknown,
  data: T,
  report: (error: unknown) => void,
): void {
  try {
    const answer = listener(data)
    // An async listener is user code too.
    if (answer instanceof Promise) answer.catch(report)
  } catch (error) {
    report(error)
  }
}
