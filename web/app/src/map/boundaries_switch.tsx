// On which boundaries the units are shown: those of the day, or those before or after a change.
import { changeView, useView } from '../state'
import { useText } from '../text/text'
import { eve, standing } from './boundaries'

export function Boundaries({ changes }: { changes: string[] }) {
  const { t, day } = useText()
  const view = useView()
  const first = changes[0]
  if (!first) return null
  return (
    <label className="row">
      {t('legend.boundaries')}
      <select value={(view.boundariesAsOf && standing(view.boundariesAsOf, changes)) ?? ''} onChange={(event) => changeView({ boundariesAsOf: event.target.value || null, within: null, unit: null, at: null, classesAsOf: null })}>
        <option value="">{t('legend.ofTheDay')}</option>
        <option value={eve(first)}>{t('legend.before', { day: day(first) })}</option>
        {changes.map((change) => (
          <option key={change} value={change}>
            {t('legend.since', { day: day(change) })}
          </option>
        ))}
      </select>
    </label>
  )
}
