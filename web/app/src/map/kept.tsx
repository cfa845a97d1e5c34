// That the figures of a day stand on boundaries of another time, and what lies there on the day.
import { useDay } from '../api/start'
import { changeView, useView } from '../state'
import { useText } from '../text/text'
import { sameBoundaries, useChanges } from './boundaries'
import { kinOn, useKin } from './kin'

const most = 3

export function Kept() {
  const { t, number, day: written } = useText()
  const { within, boundariesAsOf } = useView()
  const [day] = useDay()
  const changes = useChanges()
  const place = useKin(within)
  if (!day || !boundariesAsOf || !changes || sameBoundaries(boundariesAsOf, day, changes)) return null
  const there = place ? kinOn(place, day) : []
  return (
    <div className="kept card">
      <span>{t('map.kept', { day: written(boundariesAsOf) })}</span>
      {there.length > 0 && (
        <span>
          {t('map.thereOnDay', { day: written(day) })}{' '}
          {there.slice(0, most).map((one) => (
            <button key={`${one.level}:${one.code}`} type="button" className="link" onClick={() => changeView({ within: { level: one.level, code: one.code }, level: null, unit: null, at: null, boundariesAsOf: null })}>
              {one.fullName}
            </button>
          ))}
          {there.length > most && ` ${t('map.more', { count: number(there.length - most) })}`}
        </span>
      )}
    </div>
  )
}
