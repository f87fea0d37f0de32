/** How often each fault has struck, by kind: a fault that never shows is no fault. */
export class Struck extends Map<string, number> {
  count(kind: string): void {
    this.set(kind, (this.get(kind) ?? 0) + 1)
  }
}
