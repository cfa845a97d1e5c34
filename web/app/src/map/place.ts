// The unit that the map is within.
import { useQuery } from 'urql'
import { PlaceDocument } from '../api/documents'
import { useDay } from '../api/start'
import { useView } from '../state'
import { useWithin } from './within'

export function usePlace() {
  const view = useView()
  const within = useWithin()
  const [day] = useDay()
  const asOf = view.boundariesAsOf ?? day
  const [{ data }] = useQuery({ query: PlaceDocument, variables: { level: within?.level ?? 'PROVINCE', code: within?.code ?? '', asOf }, pause: !within || !asOf })
  const place = data?.adminUnit ?? null
  return place && place.code === within?.code && place.level === within.level ? place : null
}
