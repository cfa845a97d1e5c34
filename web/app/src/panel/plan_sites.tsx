// The sites in the order of founding, tied to the map both ways.
import { useEffect, useRef } from 'react'
import { changeView, useView } from '../state'
import { useText } from '../text/text'
import { partOf, placeOf, pointAtSite, usePointedSite, type Site } from './plan_answer'
import { Target } from './target'

export function PlanSites({ sites, demand }: { sites: Site[]; demand: number }) {
  const { t, number, share } = useText()
  const view = useView()
  const pointed = usePointedSite()
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => () => pointAtSite(0), [])
  // What is pointed at on the map comes into sight; what is pointed at here is in sight.
  useEffect(() => {
    if (pointed && !body.current?.matches(':hover, :focus-within')) body.current?.rows[pointed - 1]?.scrollIntoView({ block: 'nearest' })
  }, [pointed])
  const show = (site: Site) => {
    const [longitude, latitude] = placeOf(site)
    changeView({ at: { longitude, latitude, zoom: Math.max(11, view.at?.zoom ?? 0) }, table: false })
  }
  const most = Math.max(1, ...sites.map((site) => site.gained))
  return (
    <table className="sites">
      <caption>{t('plan.sites')}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">{t('plan.order')}</span>#
          </th>
          <th scope="col">{t('plan.place')}</th>
          <th scope="col">{t('plan.gained')}</th>
          <th scope="col">{t('plan.soFar')}</th>
        </tr>
      </thead>
      <tbody ref={body} onMouseLeave={() => pointAtSite(0)}>
        {sites.map((site) => {
          const place = site.hamlet?.fullName ?? site.commune?.fullName ?? t('plan.nowhere')
          return (
            <tr key={site.order} className={site.order === pointed ? 'pointed' : undefined} onMouseEnter={() => pointAtSite(site.order)}>
              <td>
                <span className="order">{number(site.order)}</span>
              </td>
              <th scope="row">
                <button type="button" className="link" title={t('plan.show')} aria-label={t('plan.site', { order: number(site.order), place, gained: number(site.gained) })} onFocus={() => pointAtSite(site.order)} onClick={() => show(site)}>
                  {place} <Target />
                </button>
                {site.hamlet && site.commune && <small>{site.commune.fullName}</small>}
              </th>
              <td>
                +{number(site.gained)}
                <i className="gained" style={{ width: `${((site.gained / most) * 100).toFixed(1)}%` }} />
              </td>
              <td>
                {number(site.coveredSoFar)} <small>{share(partOf(site.coveredSoFar, demand))}</small>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
