// What /app.json says: how the server was started.
import { useEffect, useState } from 'react'
import type { Right } from './documents'

/** Where people sign in: an OpenID provider, and what this page is called there. */
export type SignIn = { issuer: string; name?: string; clientId: string; scopes: string[]; resource?: string }
/** How the server was started, and the files under /export/: what each needs, and the kinds of defects whose cases are no persons. */
export type Settings = { version: string; basemapStyle?: string; graphiql: boolean; files: string[]; formats: string[]; needs: Record<string, Right>; kindsWithoutPersons: string[]; signIns?: SignIn[] }

let settings: Promise<Settings> | undefined
export const askSettings = () => (settings ??= fetch('/app.json').then((answer) => answer.json() as Promise<Settings>))

/** The server's settings; null until they are known. */
export function useSettings(): Settings | null {
  const [known, setKnown] = useState<Settings | null>(null)
  useEffect(() => void askSettings().then(setKnown, () => setKnown({ version: '', graphiql: false, files: [], formats: [], needs: {}, kindsWithoutPersons: [] })), [])
  return known
}
