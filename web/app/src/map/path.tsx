// Where the map is: the units above, each leading back up.
import { changeView, useView, type Unit } from '../state'
import { useText } from '../text/text'
import { usePlace } from './place'

export function Path() {
  const { t } = useText()
  const place = usePlace()
  const { within } = useView()
  if (!place) return null
  const go = (unit: Unit) => changeView({ within: unit.level === 'PROVINCE' ? null : { level: unit.level, code: unit.code }, level: null, at: null, unit: null, classesAsOf: null })
  return (
    <nav className="path card" aria-label={t('map.path')}>
      <ol>
        {[...place.ancestors].reverse().map((unit) => (
          <li key={unit.code}>
            <button type="button" onClick={() => go(unit)}>
              {unit.fullName}
            </button>
          </li>
        ))}
        <li aria-current="location">{place.fullName}</li>
      </ol>
      {within && (
        <button type="button" aria-label={t('map.up')} title={t('map.up')} onClick={() => go(place.ancestors[0] ?? place)}>
          ↑
        </button>
      )}
    </nav>
  )
}
