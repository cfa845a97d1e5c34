// What stands where who asks may not look: who may, and where the person may go instead.
import type { Right } from '../api/documents'
import { changeView } from '../state'
import { useText } from '../text/text'
import { SignIns } from './account'
import { unitsOf, useMe } from './rights'
import { useSession } from './session'

export function NotHere({ right }: { right: Right }) {
  const { t } = useText()
  const me = useMe()
  const { token } = useSession()
  const units = unitsOf(me, right)
  return (
    <div className="not-here">
      <p>{t(units.length > 0 ? 'access.elsewhere' : right === 'DECISIONS' ? 'access.decisions' : 'access.aggregates')}</p>
      <ul>
        {units.map(({ level, code, fullName }) => (
          <li key={`${level}:${code}`}>
            <button type="button" onClick={() => changeView({ within: level === 'PROVINCE' ? null : { level, code }, level: null, at: null, unit: null, boundariesAsOf: null })}>
              {fullName}
            </button>
          </li>
        ))}
      </ul>
      {token === null && <SignIns />}
    </div>
  )
}
