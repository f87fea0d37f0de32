import type { FenceItem } from '../model/entry'

/**
 * The Idempotency-Key of a request (decision 11): the create's op id, else that of the last change. A batch has its
 * own, made of all op ids it holds: what is left of a refused batch must not go under the refused key.
 */
export function requestId(items: readonly Pick<FenceItem, 'kind' | 'ops'>[]): string {
  const [first] = items
  const own = (first!.kind === 'create' ? first!.ops[0] : first!.ops.at(-1))!
  if (items.length === 1) return own
  return `batch.${own}.${digest(items.flatMap(({ ops }) => ops).join(' '))}`
}

/** 64 bits of a text (FNV-1a, forwards and backwards): tells batches apart, keeps no secret. */
function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x811c9dc5]
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193)
    b = Math.imul(b ^ text.charCodeAt(text.length - 1 - i), 0x01000193)
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
