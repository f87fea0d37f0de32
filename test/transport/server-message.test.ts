import { describe, expect, it } from 'vitest'
import { serverMessage } from '../../src/transport/server-message'

describe('the words of a server', () => {
  it.each<[unknown, string | undefined]>([
    [{ type: 'about:blank', title: 'Not valid', detail: 'title is too long' }, 'title is too long'],
    [{ title: 'Not valid', status: 422 }, 'Not valid'],
    [{ message: 'no' }, 'no'],
    [{ error: 'no' }, 'no'],
    [{ error: { message: 'no' } }, 'no'],
    [{ errors: [{ detail: 'first' }, { detail: 'second' }] }, 'first'],
    ['no', 'no'],
    [{ message: 'line\r\n\u0000\u001b[31m\u202eend' }, 'line [31m end'],
    [{ message: '' }, undefined],
    [{ status: 'bad' }, undefined],
    [null, undefined],
    [[], undefined],
  ])('%j', (value, message) => {
    expect(serverMessage({ kind: 'json', value })).toBe(message)
  })

  it('are at most 1 kB, however long they are (S14)', () => {
    for (const letter of ['a', '漢', '🙂']) {
      const message = serverMessage({ kind: 'text', text: letter.repeat(1_000_000) })
      expect(new TextEncoder().encode(message).length).toBeLessThanOrEqual(1024)
      expect(message).not.toContain('\ufffd')
    }
  })

  it('are not taken from a page', () => {
    expect(serverMessage({ kind: 'markup' })).toBeUndefined()
  })
})
