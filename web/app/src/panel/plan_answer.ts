// The plan that the address asks for: once for the panel and the map.
import { useMemo, useSyncExternalStore } from 'react'
import { useQuery } from 'urql'
import { MinimumTeamsDocument, PlanTeamsDocument, type PlanFragment, type TeamPlanInput } from '../api/documents'
import { useRightsIn } from '../access/rights'
import { usePurposeMissing } from '../access/session'
import { useDay } from '../api/start'
import { useWithin } from '../map/within'
import { useView } from '../state'
import { inputOf } from './plan_input'

export type Site = PlanFragment['sites'][number]

/**
 * The plan, if one is asked for: what is asked, and the answer once it is there. Whoever asks for none any more ends the asking. `refused`:
 * who asks may plan here, but not where this plan is for.
 */
export function usePlan() {
  const view = useView()
  const shown = useWithin()
  const [day] = useDay()
  const within = view.planWithin ?? shown
  const asOf = view.planAsOf ?? day
  const { rights, error: unknown, again: askRights } = useRightsIn(within, asOf)
  const may = rights?.has('DECISIONS')
  const unsaid = usePurposeMissing() && (rights?.has('PERSONS') ?? false) // theirs follows addresses, and is a reading of persons' rows
  const key = view.planned && may && !unsaid && within && asOf ? JSON.stringify(inputOf(view, within, asOf)) : null
  const input = useMemo(() => (key ? (JSON.parse(key) as TeamPlanInput) : null), [key])
  const share = view.planShare
  const none = { teams: 1 } as TeamPlanInput // never sent
  const [most, askMost] = useQuery({ query: PlanTeamsDocument, variables: { input: input ?? none }, pause: !input || share > 0 })
  const [least, askLeast] = useQuery({ query: MinimumTeamsDocument, variables: { input: input ?? none, share }, pause: !input || share === 0 })
  const { error, fetching, stale } = share > 0 ? least : most
  const plan = (share > 0 ? least.data?.minimumTeams : most.data?.planTeams) ?? null
  const working = key !== null && (fetching || stale)
  const again = () => (key ? (share > 0 ? askLeast : askMost)({ requestPolicy: 'network-only' }) : askRights())
  return { input, share, unsaid, plan: key && !working && !error ? plan : null, working, error: key && !working ? error : view.planned ? unknown : undefined, refused: view.planned && may === false, again }
}

/** Which part of the demand: however many are, 100 % is said of all of them alone. */
export const partOf = (households: number, demand: number) => (households < demand ? Math.min(0.999, households / demand) : 1)

/** Where a site is. */
export function placeOf({ position }: Site): [number, number] {
  if (position.type !== 'Point') throw new Error(`a site is a point, not a ${position.type}`)
  return [position.coordinates[0] ?? 0, position.coordinates[1] ?? 0]
}

// The site that a pointer or the keyboard is at, in the table or on the map; 0: none.
let pointed = 0
const listeners = new Set<() => void>()

export function pointAtSite(order: number) {
  if (order === pointed) return
  pointed = order
  for (const listener of listeners) listener()
}

export const usePointedSite = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => pointed,
  )
