// Who works in a unit, and what is near.
import { useQuery } from 'urql'
import { TeamsWorkDocument, UnitServicesDocument, type UnitQuery } from '../api/documents'
import { inProvince, useMe } from '../access/rights'
import { useText } from '../text/text'
import { useDistance } from './unit_gap'

type Shown = NonNullable<UnitQuery['adminUnit']>

const roles = ['lead', 'deputy', 'member'] as const

export function Teams({ unit, asOf }: { unit: Shown; asOf: string }) {
  const { t, number } = useText()
  const distance = useDistance()
  const away = new Map(unit.nearestTeams.map((one) => [one.team.id, one.distanceMetres]))
  const own = [...unit.teams.nodes].sort((a, b) => Number(b.kind === 'cnscd') - Number(a.kind === 'cnscd')).slice(0, unit.level === 'HAMLET' ? undefined : 4)
  const ids = new Set(own.map((one) => one.id))
  const others = unit.level === 'HAMLET' ? unit.nearestTeams.filter((one) => !ids.has(one.team.id)).slice(0, 3) : []
  const known = own.filter((team) => team.rights.includes('AGGREGATES')).map((team) => team.id)
  const [{ data }] = useQuery({ query: TeamsWorkDocument, variables: { ids: known, asOf }, pause: known.length === 0 })
  const work = new Map(data?.nodes.flatMap((one) => (one && 'roles' in one ? [[one.id, one] as const] : [])))
  return (
    <section>
      <h3>{t('unit.teams', { count: unit.teams.totalCount, written: number(unit.teams.totalCount) })}</h3>
      {own.length === 0 && <p className="note">{t('unit.noTeam')}</p>}
      <ul className="teams">
        {own.map((team) => {
          const metres = away.get(team.id)
          const done = work.get(team.id)
          return (
            <li key={team.id} className={team.kind}>
              <strong>{team.name}</strong>
              <p>
                {team.memberCount === 0 ? t('unit.noMembers') : t('unit.members', { count: team.memberCount, written: number(team.memberCount) })}
                {done &&
                  done.roles.length > 0 &&
                  `: ${done.roles.map(({ role, members }) => `${number(members)} ${roles.includes(role as 'lead') ? t(`role.${role as 'lead'}`, { count: members }) : role}`).join(', ')}`}
                {done && team.memberCount > 0 && ` · ${t('unit.trained', { count: done.membersTrained, written: number(done.membersTrained) })}`}
              </p>
              <p>
                {[
                  metres !== undefined && unit.level === 'HAMLET' ? t('unit.away', { distance: distance(metres) }) : null,
                  done && team.kind === 'cnscd' ? t('unit.guidedBy', { written: number(done.householdsGuided) }) : null,
                  !done || done.householdsPerMember === null ? null : t('unit.each', { written: number(done.householdsPerMember, 1) }),
                ]
                  .filter((one) => one !== null)
                  .join(' · ')}
              </p>
            </li>
          )
        })}
      </ul>
      {unit.teams.totalCount > own.length && <p className="dim">{t('unit.more', { written: number(unit.teams.totalCount - own.length) })}</p>}
      {others.length + unit.nearestServicePoints.length > 0 && (
        <>
          <h4>{t('unit.near')}</h4>
          <ul className="near">
            {others.map((one) => (
              <li key={one.team.id}>
                <span>▲ {one.team.name}</span> <b>{distance(one.distanceMetres)}</b>
              </li>
            ))}
            {unit.nearestServicePoints.map((one) => (
              <li key={one.code}>
                <span>◆ {one.name}</span> <b>{distance(one.distanceMetres)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

export function Services({ unit, seen, asOf, boundariesAsOf }: { unit: Shown; seen: string; asOf: string; boundariesAsOf: string | null }) {
  const { t, language, number, share } = useText()
  const { services } = unit.coverage
  const me = useMe()
  const province = unit.ancestors.at(-1)?.code ?? unit.code
  const [{ data }] = useQuery({ query: UnitServicesDocument, variables: { code: province, seen, asOf, boundariesAsOf }, pause: !inProvince(me, 'AGGREGATES', province) })
  if (!services || services.length === 0) return null
  // Of what a whole province records nothing, nothing is known: nobody counted it, which is not 0.
  const recorded = new Set(data?.adminUnit?.coverage.services.filter((one) => one.households > 0).map((one) => one.service.code))
  const known = unit.coverage.basis === 'REGISTER' // households that use a service are told by the register alone
  return (
    <section>
      <h3>{t('unit.services')}</h3>
      {known ? (
        <ul className="services">
          {services.map(({ service, households, share: part }) => (
            <li key={service.code}>
              <span>{language === 'vi' ? service.nameVi : service.nameEn}</span>
              <b>{households > 0 || recorded.has(service.code) ? t('unit.usedBy', { written: number(households) }) : t('unit.unknown')}</b>
              {part !== null && (households > 0 || recorded.has(service.code)) && (
                <>
                  <span className="share-bar" aria-hidden="true">
                    <i className="surely" style={{ width: `${Math.min(100, part * 100).toFixed(2)}%` }} />
                  </span>
                  <span className="part">{share(part)}</span>
                </>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <p className="note">{t('unit.servicesUnknown')}</p>
      )}
    </section>
  )
}
