// What to plan: the address's wishes as the API's input, and as the arguments of /export/plan.
import type { TeamPlanInput } from '../api/documents'
import type { Unit, View } from '../state'

/** The input that a view means, inside a unit on a day. */
export function inputOf(view: View, within: Unit, asOf: string): TeamPlanInput {
  return {
    within,
    bbox: view.planBox,
    asOf,
    teams: Math.round(view.planTeams),
    reachMetres: view.planReachMetres,
    capacity: view.planCapacity >= 1 ? Math.round(view.planCapacity) : null,
    demand: view.planDemand,
    candidates: view.planCandidates,
    keepExisting: view.planKeepExisting,
    crossBorders: view.planCrossBorders,
  }
}

/** The address of the same plan as a file. */
export function planFile(input: TeamPlanInput, share: number, format: string, language: string): string {
  const { within, bbox, ...plain } = input
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(plain)) if (value !== null && value !== undefined) query.set(name, String(value))
  if (within) query.set('within', `${within.level}:${within.code}`)
  if (bbox) query.set('bbox', [bbox.west, bbox.south, bbox.east, bbox.north].join())
  if (share > 0) query.set('share', String(share))
  query.set('lang', language)
  return `/export/plan.${format}?${query.toString()}`
}
