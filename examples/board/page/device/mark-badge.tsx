import { Icon, type IconName } from '../controls/icon'
import type { Mark } from './marks'

const looks: Record<Mark, { readonly icon: IconName; readonly text: string; readonly hint: string }> = {
  waiting: { icon: 'clock', text: 'waiting', hint: 'Saved on this device, waits to be sent' },
  sending: { icon: 'up', text: 'sending', hint: 'On its way to the server' },
  refused: { icon: 'stop', text: 'refused', hint: 'The server refused it: see above' },
  conflict: { icon: 'fork', text: 'conflict', hint: 'Changed in two places' },
}

export function MarkBadge({ mark }: { readonly mark: Mark }) {
  const { icon, text, hint } = looks[mark]
  return (
    <span className="mark" data-mark={mark} title={hint}>
      <Icon name={icon} />
      {text}
    </span>
  )
}
