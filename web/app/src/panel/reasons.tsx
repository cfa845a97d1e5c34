// The reasons of a gap, as chips: a sign and words each.
import type { GapReason } from '../api/documents'
import { useText } from '../text/text'
import './reasons.css'

const signs: Record<GapReason, string> = { NO_TEAM: '∅', NOT_REGISTERED: '?', NEVER_VISITED: '○', BELOW_TARGET: '↓', OUT_OF_REACH: '↔', OVERLOADED: '≫', STALE: '↺' }

export function Reason({ reason }: { reason: GapReason }) {
  const { t } = useText()
  return (
    <span className={`reason ${reason}`}>
      <i aria-hidden="true">{signs[reason]}</i> {t(`reason.${reason}`)}
    </span>
  )
}
