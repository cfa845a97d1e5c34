// Which units the map shows.
import { useNewest } from '../api/start'
import { useView, type Unit } from '../state'

/** The unit whose parts the map shows: the address's, else the province that has the newest data; null until that is known. */
export function useWithin(): Unit | null {
  const { within } = useView()
  const newest = useNewest()
  return within ?? (newest && { level: 'PROVINCE', code: newest.province })
}
