// What is shown, in figures: of the unit that the map is within.
import { useQuery } from 'urql'
import { reason } from '../api/client'
import { OverviewDocument } from '../api/documents'
import { useDay } from '../api/start'
import { useWithin } from '../map/within'
import { useText } from '../text/text'

export function Overview() {
  const { t, number, share, day } = useText()
  const [asOf] = useDay()
  const within = useWithin()
  const [{ data, error }] = useQuery({ query: OverviewDocument, variables: { ...(within ?? { level: 'PROVINCE', code: '' }), asOf }, pause: !within || !asOf })
  if (error) return <p role="alert">{t('data.failed', { reason: reason(error) })}</p>
  if (!data) return <p aria-busy="true">{t('data.loading')}</p>
  const { adminUnit: unit } = data
  if (!unit) return <p>{t('data.none')}</p>
  const { coverage } = unit
  return (
    <>
      <h2>{unit.fullName}</h2>
      <p>{day(coverage.asOf)}</p>
      <p className="figure">
        {coverage.share === null ? t('data.none') : share(coverage.share)} <small>{t('measure.SHARE')}</small>
      </p>
      <p className="figure">
        {coverage.gapHouseholds === null ? t('data.none') : number(coverage.gapHouseholds)} <small>{t('measure.GAP_HOUSEHOLDS')}</small>
      </p>
    </>
  )
}
