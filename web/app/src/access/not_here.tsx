// What stands where who asks may not look: who may, and where the person may go instead.
import type { Right } from '../api/documents'
import { changeView, type View } from '../state'
import { useText } from '../text/text'
import { SignIns } from './account'
import { unitsOf, useMe } from './rights'

/** `title`: of what stands there for others; `leaving`: what of the view is left behind by who goes to an own unit. */
export function NotHere({ right, title, leaving }: { right: Right; title?: string; leaving?: Partial<View> }) {
  const { t } = useText()
  const me = useMe()
  const units = unitsOf(me, right)
  return (
    <div className="not-here">
      {title && <h2>{title}</h2>}
      <p>{t(units.length > 0 ? 'access.elsewhere' : right === 'DECISIONS' ? 'access.decisions' : 'access.aggregates')}</p>
      <ul>
        {units.map(({ level, code, fullName }) => (
          <li key={`${level}:${code}`}>
            <button type="button" onClick={() => changeView({ within: level === 'PROVINCE' ? null : { level, code }, level: null, at: null, unit: null, boundariesAsOf: null, ...leaving })}>
              {fullName}
            </button>
          </li>
        ))}
      </ul>
      <SignIns />
    </div>
  )
}
