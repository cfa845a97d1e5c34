// The unit that the map is within.
import { useQuery } from 'urql'
import { PlaceDocument } from '../api/documents'
import { useDay, useStart } from '../api/start'
import { useView } from '../state'
import { useWithin } from './within'

export function usePlace() {
  const view = useView()
  const within = useWithin()
  const [day] = useDay()
  const { data: start } = useStart()
  const asOf = view.boundariesAsOf ?? day
  const [{ data }] = useQuery({ query: PlaceDocument, variables: { level: within?.level ?? 'PROVINCE', code: within?.code ?? '', asOf }, pause: !within || !asOf })
  const place = data?.adminUnit ?? null
  if (place && place.code === within?.code && place.level === within.level) return place
  // Where a province lies now is loaded with the first answers: the map need not wait for more to look there.
  const province = within?.level === 'PROVINCE' && view.asOf === null && view.boundariesAsOf === null && start?.adminUnits.nodes.find((one) => one.code === within.code)
  return province ? { ...province, level: 'PROVINCE' as const, ancestors: [] } : null
}
