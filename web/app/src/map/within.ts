// Which units the map shows.
import { useStart } from '../api/start'
import { useView, type Unit } from '../state'

/** The unit whose parts the map shows: the address's, else the province that has the newest data; null until that is known. */
export function useWithin(): Unit | null {
  const view = useView()
  const { data } = useStart()
  if (view.within) return view.within
  const newest = data && [...data.datasets].sort((a, b) => b.asOf.localeCompare(a.asOf))[0]
  return newest ? { level: 'PROVINCE', code: newest.province } : null
}
