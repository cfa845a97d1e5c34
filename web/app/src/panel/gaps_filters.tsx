// What the list of gaps is filtered by.
import { useMemo, useState, type FormEvent } from 'react'
import { useQuery } from 'urql'
import { GapReasonsDocument, type GapFilter, type GapReasonsQueryVariables } from '../api/documents'
import { useDay } from '../api/start'
import { useWithin } from '../map/within'
import { changeView, readView, reasons, useView } from '../state'
import { useText } from '../text/text'
import { filterOf, thresholds } from './gaps_filter'
import { Reason } from './reasons'

const absent = readView('')
type Amount = (typeof thresholds)[number] | 'minGapHouseholds'

/** The filter of the view; null while it is not known what there is. The same one until something in it changes. */
export function useFilter(): GapFilter | null {
  const view = useView()
  const within = useWithin()
  const key = within && JSON.stringify(filterOf(view, within))
  return useMemo(() => (key ? (JSON.parse(key) as GapFilter) : null), [key])
}

export function GapFilters() {
  const { t, number } = useText()
  const view = useView()
  const [asOf] = useDay()
  const filter = useFilter()
  const variables = { ...filter, asOf, boundariesAsOf: view.boundariesAsOf } as GapReasonsQueryVariables
  const [{ data: counts }] = useQuery({ query: GapReasonsDocument, variables, pause: !filter || !asOf })
  const [wide] = useState(() => !matchMedia('(max-width: 48rem)').matches) // on a telephone the list comes first
  const own = thresholds.some((name) => view[name] !== absent[name])
  const filtered = own || view.reasons.length > 0 || view.minGapHouseholds !== absent.minGapHouseholds || view.remoteOnly || view.gapsInView
  return (
    <details className="filters" open={wide}>
      <summary>{filtered ? t('gaps.filtered') : t('gaps.filters')}</summary>
      <div role="group" aria-label={t('gaps.reasons')} className="chips">
        {reasons.map((name) => {
          const chosen = view.reasons.includes(name)
          return (
            <button
              key={name}
              type="button"
              aria-pressed={chosen}
              title={t(`reasonLong.${name}`)}
              onClick={() => changeView({ reasons: reasons.filter((one) => (one === name ? !chosen : view.reasons.includes(one))) }, 'replace')}
            >
              <Reason reason={name} /> {counts && <b>{number(counts[name].totalCount)}</b>}
            </button>
          )
        })}
      </div>
      <label>
        <input type="checkbox" checked={view.remoteOnly} onChange={(event) => changeView({ remoteOnly: event.target.checked }, 'replace')} /> {t('legend.remoteOnly')}
      </label>
      <label>
        <input type="checkbox" checked={view.gapsInView} onChange={(event) => changeView({ gapsInView: event.target.checked }, 'replace')} /> {t('gaps.inView')}
      </label>
      <details open={own || undefined}>
        <summary>{t('gaps.thresholds')}</summary>
        {(['minGapHouseholds', ...thresholds] as const).map((name) => (
          <AmountField key={name} name={name} />
        ))}
      </details>
      {filtered && (
        <button
          type="button"
          className="quiet"
          onClick={() => {
            const cleared = Object.fromEntries(thresholds.map((name) => [name, absent[name]]))
            changeView({ ...cleared, reasons: [], minGapHouseholds: absent.minGapHouseholds, remoteOnly: false, gapsInView: false }, 'replace')
          }}
        >
          {t('gaps.clear')}
        </button>
      )}
    </details>
  )
}

/** The most that the address takes of an amount, and the steps in which it is written. */
const limits: Record<Amount, { most: number; step: number }> = {
  minGapHouseholds: { most: 1e6, step: 1 },
  target: { most: 100, step: 1 },
  teamReachMetres: { most: 1000, step: 0.1 },
  maxHouseholdsPerMember: { most: 1e6, step: 1 },
  staleAfterMonths: { most: 1200, step: 1 },
}
/** Shares are written in percent and distances in kilometres. */
const factors: Partial<Record<Amount, number>> = { target: 0.01, teamReachMetres: 1000 }

function AmountField({ name }: { name: Amount }) {
  const { t } = useText()
  const view = useView()
  const factor = factors[name] ?? 1
  const now = String(Number((view[name] / factor).toPrecision(12)))
  const [typed, setTyped] = useState<string | null>(null)
  const { most, step } = limits[name]
  const take = (event: FormEvent) => {
    event.preventDefault()
    const value = Number(typed)
    if (typed !== null && typed !== '' && value >= 0 && value <= most) changeView({ [name]: Number((value * factor).toPrecision(12)) }, 'replace')
    setTyped(null)
  }
  return (
    <form className="amount" onSubmit={take} onBlur={take}>
      <label htmlFor={`amount-${name}`}>{t(`threshold.${name}`)}</label>
      <input id={`amount-${name}`} type="number" min={0} max={most} step={step} value={typed ?? now} onChange={(event) => setTyped(event.target.value)} />
      <span>{t(`thresholdIn.${name}`)}</span>
    </form>
  )
}
