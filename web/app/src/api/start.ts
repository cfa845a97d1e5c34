// What is loaded: asked once, wanted everywhere.
import { useQuery } from 'urql'
import { StartDocument } from './documents'
import { useRights } from '../access/rights'
import { changeView, useView } from '../state'

/** The datasets and what can be asked of them. */
export function useStart() {
  const [{ data, error, fetching }, again] = useQuery({ query: StartDocument })
  return { data, error, fetching, again: () => again({ requestPolicy: 'network-only' }) }
}

/** Of what is loaded, the province whose data reach furthest; null until that is known, or where nothing is loaded. */
export function useNewest() {
  const { data } = useStart()
  return (data && [...data.datasets].sort((a, b) => b.asOf.localeCompare(a.asOf))[0]) ?? null
}

/**
 * The day of the figures: the address's, else the last one that the data describe, or of which everybody is told where that is
 * who asks. Null until the data are known, and what may be asked about them.
 */
export function useDay(): [string | null, (day: string) => void] {
  const view = useView()
  const newest = useNewest()
  const rights = useRights()
  const last = newest && (rights?.has('AGGREGATES') ? newest.asOf : (newest.publishedTo ?? newest.asOf))
  return [rights && (view.asOf ?? last), (day) => changeView({ asOf: day === last ? null : day }, 'replace')]
}
