// Which gaps: the address's filter, as the API has it.
import type { GapFilter } from '../api/documents'
import { mapSize, seenBy } from '../map/fly'
import type { Unit, View } from '../state'

/** The thresholds by which a hamlet is a gap. */
export const thresholds = ['target', 'teamReachMetres', 'maxHouseholdsPerMember', 'staleAfterMonths'] as const satisfies (keyof View & keyof GapFilter)[]

/** The filter that a view means, inside a unit. */
export function filterOf(view: View, within: Unit, size = mapSize()): GapFilter {
  return {
    within,
    bbox: view.gapsInView && view.at ? seenBy(view.at, size) : null,
    remoteOnly: view.remoteOnly,
    reasons: view.reasons.length > 0 ? view.reasons : null,
    minGapHouseholds: Math.round(view.minGapHouseholds),
    target: view.target,
    teamReachMetres: view.teamReachMetres,
    maxHouseholdsPerMember: view.maxHouseholdsPerMember,
    staleAfterMonths: Math.round(view.staleAfterMonths),
  }
}
