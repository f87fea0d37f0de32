/** Drawn on a grid of 16, with the colour of the text. */
const paths = {
  left: 'M9.5 3.5 5 8l4.5 4.5',
  right: 'M6.5 3.5 11 8l-4.5 4.5',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M6.8 7v3.5M9.2 7v3.5',
  plus: 'M8 3.5v9M3.5 8h9',
  clock: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 5v3.2l2.2 1.3',
  up: 'M8 13V3.5M4 7.2 8 3.2l4 4',
  stop: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M4.2 4.2l7.6 7.6',
  vote: 'M3.5 10 8 5.2l4.5 4.8',
  close: 'M4 4l8 8M12 4l-8 8',
  pulse: 'M1.5 8.5h3l1.7-4.5 3 8.5 1.8-4h3.5',
  fork: 'M8 13V9M8 9 4 5.5V3M8 9l4-3.5V3',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
