// Who is signed in: the token that goes with every question, for as long as it is good. The library that signs in is loaded
// by whoever does, or has; whoever does not never asks for it.
import { useSyncExternalStore } from 'react'
import { askSettings, type SignIn } from '../api/settings'
import type { Door } from './door'

/** `expired`: somebody was signed in until the token ran out. `failed`: signing in has come to nothing. */
export type Session = { token: string | null; name: string | null; issuer: string | null; said: 'expired' | 'failed' | null; /** Why rows of persons are read; null: not said in this tab. */ purpose: string | null; /** Counts who asks: another number is another caller. */ caller: number }

let session: Session = { token: null, name: null, issuer: null, said: null, purpose: null, caller: 0 }
const listeners = new Set<() => void>()
export function become(change: Partial<Session>) {
  const other = 'token' in change && (change.token === null) !== (session.token === null)
  session = { ...session, ...change, caller: session.caller + (other ? 1 : 0) }
  for (const listener of listeners) listener()
}

export const currentSession = () => session
export const useSession = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => session,
  )

/** What stays in this tab while a person is at the issuer's, and over a reload: with whom, and what was looked at. */
const kept = 'vunglom.signIn'
/** Before the names of what the library keeps there: tokens, and what the way back needs. */
export const prefix = 'oidc.'
/** Why rows of persons are read, until the tab is closed or the person signs out. */
const purposeKept = 'vunglom.purpose'
type Kept = { issuer: string; view: string }
const read = (): Kept | null => JSON.parse(sessionStorage.getItem(kept) ?? 'null') as Kept | null

let door: Promise<Door> | null = null
let doorOf: string | null = null
/** The door of an issuer. Who goes to another than before, whether signed in there or turned back on the way, keeps nothing of the one before. */
function openDoor(to: SignIn): Promise<Door> {
  if (door && doorOf !== to.issuer) close(door)
  if (!door || doorOf !== to.issuer) door = import('./door').then(({ Door }) => new Door(to, { become, ended }))
  doorOf = to.issuer
  return door
}
const close = (one: Promise<Door>) => void one.then((at) => at.forget()).catch(() => undefined) // one that did not load has nothing
/** Nobody is signed in: nothing of it is kept in this tab, and nothing renewed. */
function ended(said: Session['said']) {
  for (const name of Object.keys(sessionStorage)) if (name === kept || name === purposeKept || name.startsWith(prefix)) sessionStorage.removeItem(name)
  if (door) close(door)
  door = null
  become({ token: null, name: null, issuer: null, said, purpose: null })
}

/** Before anything is asked: takes up what this tab has kept, or what the issuer sends a person back with. The view is what it was. */
export async function begin() {
  const before = read()
  if (!before) return
  become({ purpose: sessionStorage.getItem(purposeKept) })
  const back = new URLSearchParams(location.search)
  const answer = back.has('state') ? location.href : null
  if (answer) history.replaceState(null, '', `${location.pathname}${before.view}`)
  try {
    const to = (await askSettings()).signIns?.find((one) => one.issuer === before.issuer)
    if (!to) return ended(null)
    const at = await openDoor(to)
    if (answer && !back.has('code') && !back.has('error')) {
      await at.left(answer)
      return ended(null)
    }
    const entered = await (answer ? at.enter(answer) : at.resume())
    if (entered === null) ended(null) // the person came back from the issuer's pages without having signed in
    else if (!entered) ended(answer ? 'failed' : 'expired')
  } catch {
    ended('failed')
  }
}

/** Goes to the issuer; the way back leads to what is shown now. Who is signed in already is asked there for another account. */
export async function signIn(to: SignIn) {
  sessionStorage.setItem(kept, JSON.stringify({ issuer: to.issuer, view: location.search } satisfies Kept))
  try {
    await (await openDoor(to)).leave(session.token !== null)
  } catch {
    ended('failed')
  }
}

/** Forgets the tokens, and has the issuer forget that somebody is signed in where it can. */
export async function signOut() {
  const before = read()
  const at = await door?.catch(() => null)
  if (before) sessionStorage.setItem(kept, JSON.stringify({ ...before, view: location.search } satisfies Kept))
  if (!(await at?.close().catch(() => false))) ended(null)
}

/** Says why rows of persons are read from now on; null: it will be said anew. */
export function sayPurpose(purpose: string | null) {
  if (purpose === null) sessionStorage.removeItem(purposeKept)
  else sessionStorage.setItem(purposeKept, purpose)
  become({ purpose })
}

/** Whether the person who is signed in has yet to say why rows of persons are read. On the program's own machine nobody signs in, and nobody is asked. */
export const usePurposeMissing = () => {
  const { token, purpose } = useSession()
  return token !== null && purpose === null
}

/** The headers of a question to our own server, as who asks and why; none where nobody is signed in. */
export const authorization = (): Record<string, string> => {
  const { token, purpose } = session
  if (token === null) return {}
  return { Authorization: `Bearer ${token}`, ...(purpose !== null && { 'X-Purpose': encodeURIComponent(purpose) }) }
}

/** `fetch` of our own server as who is signed in. A token that is no longer taken is renewed once; where that can't be, nobody is signed in. */
export async function ask(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const send = () => fetch(input, { ...init, headers: { ...(init.headers as Record<string, string> | undefined), ...authorization() } })
  const answer = await send()
  if (answer.status !== 401 || session.token === null) return answer
  if (await (await door)?.renew()) return send()
  ended('expired')
  return send()
}

/** Follows the link to a file as who is signed in: the browser itself sends no token. */
export async function saveFile(href: string) {
  const answer = await ask(href)
  if (!answer.ok) {
    const { errors } = (await answer.json()) as { errors?: { message: string }[] }
    throw new Error(errors?.[0]?.message ?? answer.statusText)
  }
  const name = /filename="?([^";]+)"?/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? href.replace(/^.*\/|\?.*$/g, '')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
