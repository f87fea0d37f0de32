import type { HealthIssue } from 'dexie-rest-sync'
import { Icon } from '../controls/icon'
import { Popup } from '../controls/popup'
import { useHealth } from './use-health'

/** How sync is, and what to do where it is not well. */
export function HealthMenu() {
  const health = useHealth()
  if (!health) return null
  const { status, issues } = health
  return (
    <Popup
      label={`Health: ${words(issues.length)}`}
      trigger={
        <span className="health-icon" data-health={status}>
          <Icon name="pulse" />
        </span>
      }
    >
      {() => (
        <>
          <p className="popup-title">{issues.length === 0 ? 'All is well' : 'Worth a look'}</p>
          {issues.length === 0 && <p className="popup-text">Sync finds nothing wrong on this device.</p>}
          <ul className="issues">
            {issues.map((issue) => (
              <IssueItem key={`${issue.code} ${issue.table}`} issue={issue} />
            ))}
          </ul>
        </>
      )}
    </Popup>
  )
}

function words(issues: number): string {
  if (issues === 0) return 'good'
  return issues === 1 ? '1 issue' : `${issues} issues`
}

function IssueItem({ issue }: { readonly issue: HealthIssue }) {
  const { code, severity, message, fix, count, since } = issue
  return (
    <li className="issue" data-severity={severity}>
      <p>
        {message}
        {count !== undefined && ` (${count})`}
      </p>
      <p className="popup-text">To mend it: {fix}</p>
      <p className="issue-code">
        {code}
        {since !== undefined && ` since ${new Date(since).toLocaleTimeString([], { hour12: false })}`}
      </p>
    </li>
  )
}
