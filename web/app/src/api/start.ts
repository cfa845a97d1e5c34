// What is loaded: asked once, wanted everywhere.
import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { StartDocument } from './documents'
import { changeView, useView } from '../state'

/** What /app.json says: how the server was started, and the files under /export/. */
export type Settings = { version: string; basemapStyle?: string; graphiql: boolean; files: string[]; formats: string[] }

let settings: Promise<Settings> | undefined
const askSettings = () => (settings ??= fetch('/app.json').then((answer) => answer.json() as Promise<Settings>))

/** The server's settings; null until they are known. */
export function useSettings(): Settings | null {
  const [known, setKnown] = useState<Settings | null>(null)
  useEffect(() => void askSettings().then(setKnown, () => setKnown({ version: '', graphiql: false, files: [], formats: [] })), [])
  return known
}

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

/** The day of the figures: the address's, else the last one that the data describe; null until the data are known. */
export function useDay(): [string | null, (day: string) => void] {
  const view = useView()
  const last = useNewest()?.asOf ?? null
  return [view.asOf ?? last, (day) => changeView({ asOf: day === last ? null : day }, 'replace')]
}
