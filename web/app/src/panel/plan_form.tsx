// What shall be planned. It is asked for by a button, because a plan takes seconds.
import { useState } from 'react'
import { useDay } from '../api/start'
import { mapSize, seenBy } from '../map/fly'
import { usePlace } from '../map/place'
import { useWithin } from '../map/within'
import { changeView, currentView, useView, type View } from '../state'
import { useText } from '../text/text'

type Wishes = Pick<View, 'planTeams' | 'planReachMetres' | 'planCapacity' | 'planDemand' | 'planCandidates' | 'planKeepExisting' | 'planCrossBorders' | 'planShare' | 'planBox'>

export function PlanForm({ working }: { working: boolean }) {
  const { t, day } = useText()
  const view = useView()
  const place = usePlace()
  const within = useWithin()
  const [asOf] = useDay()
  const [changed, setChanged] = useState<Partial<Wishes>>({})
  const wishes: Wishes = { ...view, ...changed }
  const wish = (change: Partial<Wishes>) => {
    if (working) changeView({ planned: false }, 'replace') // nobody waits for the plan of other wishes
    setChanged({ ...changed, ...change })
  }
  /** The rectangle that the map shows now: where nobody has moved it, that of the unit. */
  const seen = () => {
    const { at } = currentView()
    const [west, south, east, north] = place?.bbox ?? []
    if (at) return seenBy(at, mapSize())
    return west === undefined || south === undefined || east === undefined || north === undefined ? null : { west, south, east, north }
  }
  const amount = (name: string, label: string, unit: string, value: string, limits: { min: number; max: number; step: number; placeholder?: string }, take: (text: string) => void) => (
    <div className="amount">
      <label htmlFor={`plan-${name}`}>{label}</label>
      <input id={`plan-${name}`} type="number" required={limits.placeholder === undefined} {...limits} value={value} onChange={(event) => take(event.target.value)} />
      <span>{unit}</span>
    </div>
  )
  const choice = <T extends string>(name: string, label: string, values: readonly T[], word: (value: T) => string, value: T, take: (value: T) => void) => (
    <div className="choice">
      <label htmlFor={`plan-${name}`}>{label}</label>
      <select
        id={`plan-${name}`}
        value={value}
        onChange={(event) => {
          const chosen = values.find((one) => one === event.target.value)
          if (chosen) take(chosen)
        }}
      >
        {values.map((one) => (
          <option key={one} value={one}>
            {word(one)}
          </option>
        ))}
      </select>
    </div>
  )
  const truth = (label: string, value: boolean, take: (value: boolean) => void) => (
    <label>
      <input type="checkbox" checked={value} onChange={(event) => take(event.target.checked)} /> {label}
    </label>
  )
  const forShare = wishes.planShare > 0
  return (
    <form
      className="wishes"
      onSubmit={(event) => {
        event.preventDefault()
        changeView({ ...changed, planned: true, planWithin: within, planAsOf: asOf })
        setChanged({})
      }}
    >
      <p className="dim">
        {place && t('plan.within', { place: place.fullName })}
        {asOf && ` · ${day(asOf)}`}
      </p>
      {choice('question', t('plan.question'), ['teams', 'share'] as const, (one) => t(one === 'teams' ? 'plan.forTeams' : 'plan.forShare'), forShare ? 'share' : 'teams', (one) =>
        wish(one === 'share' ? { planShare: 0.9, planTeams: 200, planDemand: 'ALL_HOUSEHOLDS' } : { planShare: 0, planTeams: 10, planDemand: 'GAP_HOUSEHOLDS' }),
      )}
      {forShare && amount('share', t('plan.share'), t('plan.in.percent'), String(Number((wishes.planShare * 100).toFixed(2))), { min: 1, max: 100, step: 1 }, (text) => wish({ planShare: Math.max(0.0001, Math.min(1, Number(text) / 100)) }))}
      {amount('teams', t(forShare ? 'plan.most' : 'plan.teams'), t('plan.in.teams'), String(wishes.planTeams), { min: 1, max: 200, step: 1 }, (text) => wish({ planTeams: Number(text) }))}
      {amount('reach', t('plan.reach'), t('plan.in.km'), String(wishes.planReachMetres / 1000), { min: 0.1, max: 100, step: 0.1 }, (text) => wish({ planReachMetres: Math.round(Number(text) * 1000) }))}
      {amount('capacity', t('plan.capacity'), t('plan.in.households'), wishes.planCapacity > 0 ? String(wishes.planCapacity) : '', { min: 1, max: 1e6, step: 1, placeholder: t('plan.capacityAny') }, (text) => wish({ planCapacity: Number(text) }))}
      {choice('demand', t('plan.demand'), ['GAP_HOUSEHOLDS', 'ALL_HOUSEHOLDS'] as const, (one) => t(`plan.demandOf.${one}`), wishes.planDemand, (planDemand) => wish({ planDemand }))}
      {choice('candidates', t('plan.candidates'), ['HAMLETS', 'SERVICE_POINTS', 'ADDRESSES'] as const, (one) => t(`plan.candidatesOf.${one}`), wishes.planCandidates, (planCandidates) => wish({ planCandidates }))}
      {truth(t('plan.keep'), wishes.planKeepExisting, (planKeepExisting) => wish({ planKeepExisting }))}
      {truth(t('plan.cross'), wishes.planCrossBorders, (planCrossBorders) => wish({ planCrossBorders }))}
      {truth(t('plan.inView'), wishes.planBox !== null, (inView) => wish({ planBox: inView ? seen() : null }))}
      <div className="buttons">
        <button type="submit" className="primary">
          {t(view.planned ? 'plan.askAgain' : 'plan.ask')}
        </button>
        <small className="dim">{t('plan.straight')}</small>
      </div>
    </form>
  )
}
