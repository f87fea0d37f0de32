import { type Scenario, scenarios } from './scenarios'
import { type Devices, useScenario } from './use-scenario'

/** Makes conflicts before one's eyes. */
export function Guide({ devices }: { readonly devices: () => Devices }) {
  const { running, caption, run } = useScenario(devices)
  return (
    <section className="guide" aria-labelledby="guide-title">
      <h2 id="guide-title">Make a conflict</h2>
      <div className="guide-choices">
        {scenarios.map((scenario) => (
          <Choice
            key={scenario.name}
            scenario={scenario}
            running={running}
            onChoose={() => void run(scenario)}
          />
        ))}
      </div>
      <p className="guide-caption" data-said={caption !== undefined} role="status">
        {caption ?? 'Both devices go offline, change the same card, and come back.'}
      </p>
    </section>
  )
}

interface ChoiceProps {
  readonly scenario: Scenario
  readonly running: Scenario | undefined
  onChoose(): void
}

function Choice({ scenario, running, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      className="guide-choice"
      data-running={running === scenario}
      disabled={running !== undefined}
      onClick={onChoose}
    >
      <b>{scenario.title}</b> <span>{scenario.outcome}</span>
    </button>
  )
}
