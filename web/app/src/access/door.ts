// Signs in with an OpenID provider: authorization code and PKCE, by oidc-client-ts. Tokens and what the way back needs are kept in
// this tab's sessionStorage: they outlive a reload, go with the tab, and no other tab or later visitor has them.
import { UserManager, WebStorageStateStore, type User } from 'oidc-client-ts'
import type { SignIn } from '../api/settings'
import { prefix, type Session } from './session'

/** A token is renewed so long before its end, in seconds, or when two thirds of its time are over, whichever is later. */
const ahead = 60
/** After a renewal that could not be asked for, the next attempt. */
const pause = 5
/** The longest that a browser's timer can wait, in milliseconds: a longer time is over at once. */
const longest = 2 ** 31 - 1

export class Door {
  private readonly manager: UserManager
  private timer: ReturnType<typeof setTimeout> | undefined
  private due = 0
  private over = false
  private renewing: Promise<boolean> | null = null
  private readonly to: SignIn
  private readonly tell: { become: (change: Partial<Session>) => void; ended: (said: Session['said']) => void }

  constructor(to: SignIn, tell: { become: (change: Partial<Session>) => void; ended: (said: Session['said']) => void }) {
    this.to = to
    this.tell = tell
    const store = new WebStorageStateStore({ store: sessionStorage, prefix })
    const home = `${location.origin}/`
    this.manager = new UserManager({
      authority: to.issuer,
      client_id: to.clientId,
      scope: to.scopes.join(' '),
      redirect_uri: home,
      post_logout_redirect_uri: home,
      userStore: store,
      stateStore: store,
      automaticSilentRenew: false, // here it needs a refresh token: a hidden frame would need cookies of another site
      monitorSession: false,
      ...(to.resource === undefined ? {} : { resource: to.resource }),
    })
    document.addEventListener('visibilitychange', this.seen)
  }

  private seen = () => document.visibilityState === 'visible' && this.due > 0 && void this.look()

  /** Renews nothing any more, whatever is still under way. */
  private stop() {
    this.over = true
    this.due = 0
    clearTimeout(this.timer)
    document.removeEventListener('visibilitychange', this.seen)
  }

  /** Keeps no token, and gets no other: it is closed for good. */
  async forget() {
    this.stop()
    await this.manager.removeUser()
  }

  /** Goes to the issuer's own pages; anew: even where the issuer knows somebody, that person is asked. */
  leave = (anew: boolean) => this.manager.signinRedirect(anew ? { prompt: 'login' } : {})

  /** Takes what the issuer sent a person back with. */
  enter = async (address: string) => this.take(await this.manager.signinRedirectCallback(address))

  /** Takes up what this tab has kept; renews it where it has run out. Null: it has kept nothing. */
  async resume(): Promise<boolean | null> {
    const user = await this.manager.getUser()
    return user && (user.expired ? this.renew() : this.take(user))
  }

  /** Takes what the issuer sent a person back with who has signed out. */
  left = (address: string) => this.manager.signoutRedirectCallback(address)

  /** Goes to where the issuer signs a person out; false: it has no such place, and nothing is forgotten yet. */
  async close(): Promise<boolean> {
    this.stop()
    const there = (await this.manager.metadataService.getEndSessionEndpoint().catch(() => undefined)) !== undefined
    if (there) await this.manager.signoutRedirect({ state: 'out' }) // without a state the way back could not be told
    return there
  }

  /** Asks for another token, once at a time; false: there is none to be had without the person. */
  renew(): Promise<boolean> {
    this.renewing ??= this.exchange().finally(() => (this.renewing = null))
    return this.renewing
  }

  private async exchange(): Promise<boolean> {
    const user = await this.manager.getUser()
    if (!user?.refresh_token) return false
    try {
      const next = await this.manager.signinSilent()
      if (this.over) await this.manager.removeUser() // it came after all was forgotten
      return next !== null && this.take(next)
    } catch {
      return false
    }
  }

  private take(user: User): boolean {
    if (this.over || user.expired) return false
    const { name, preferred_username: login, email } = user.profile
    this.tell.become({ token: user.access_token, name: name ?? login ?? email ?? null, issuer: this.to.name ?? this.to.issuer, said: null })
    clearTimeout(this.timer)
    const left = user.expires_in
    this.due = left === undefined ? 0 : Date.now() + Math.max(left - ahead, (left * 2) / 3) * 1000
    if (this.due > 0) this.wait(this.due) // else its end is not told, and it is renewed once the server no longer takes it
    return true
  }

  private wait(until: number) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.look(), Math.min(longest, Math.max(100, until - Date.now())))
  }

  /** Renews what is due: a machine that slept finds out when the page is looked at again. Where it can't be renewed, it is good until its end. */
  private async look() {
    const user = await this.manager.getUser()
    if (this.over || !user) return
    if (Date.now() < this.due) return this.wait(this.due)
    if (await this.renew()) return
    if (this.over) return
    if (!user.expired) return this.wait(Math.min(Date.now() + pause * 1000, (user.expires_at ?? 0) * 1000))
    this.tell.ended('expired')
  }
}
