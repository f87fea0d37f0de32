interface SwitchProps {
  readonly label: string
  readonly on: boolean
  readonly hint?: string
  onChange(on: boolean): void
}

export function Switch({ label, on, hint, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      className="switch"
      role="switch"
      aria-checked={on}
      aria-label={label}
      title={hint}
      onClick={() => onChange(!on)}
    >
      <span className="switch-track" aria-hidden="true">
        <span className="switch-thumb" />
      </span>
      <span className="switch-label">{label}</span>
    </button>
  )
}
