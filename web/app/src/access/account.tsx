// Signing in and out, and who is signed in.
import { useSettings } from '../api/settings'
import { Popover } from '../header/popover'
import { changeView } from '../state'
import { useText } from '../text/text'
import { useMe, type Me } from './rights'
import { become, sayPurpose, signIn, signOut, useSession } from './session'
import './account.css'

/** A button for each place where people sign in, with another account where somebody is signed in. */
export function SignIns() {
  const { t } = useText()
  const { token } = useSession()
  const to = useSettings()?.signIns ?? []
  const [alone, named] = token === null ? (['signIn', 'signInWith'] as const) : (['signInAnew', 'signInAnewWith'] as const)
  return to.map((one) => (
    <button key={one.issuer} type="button" className={token === null ? 'primary' : undefined} onClick={() => void signIn(one)}>
      {to.length > 1 ? t(`access.${named}`, { name: one.name ?? one.issuer }) : t(`access.${alone}`)}
    </button>
  ))
}

/** Who is signed in, or the way to be; nothing where nobody can. */
export function Account() {
  const { t } = useText()
  const to = useSettings()?.signIns ?? []
  const me = useMe()
  const { token, name, issuer, purpose } = useSession()
  const [only, ...others] = to
  if (!only) return null
  if (token === null) {
    return others.length === 0 ? (
      <button type="button" className="tool" title={t('access.signIn')} onClick={() => void signIn(only)}>
        <i className="icon person-icon" /> <span>{t('access.signIn')}</span>
      </button>
    ) : (
      <Popover label={t('access.signIn')} icon="person-icon" name={t('access.signIn')}>
        <div className="account">
          <SignIns />
        </div>
      </Popover>
    )
  }
  return (
    <Popover label={t('access.account')} icon="person-icon" name={name ?? t('access.account')}>
      <div className="account">
        <h2>{name ?? t('access.signedIn')}</h2>
        {issuer && <p className="dim">{t('access.by', { issuer })}</p>}
        {me && <Held me={me} />}
        {purpose !== null && (
          <p>
            {t('access.purposeIs', { purpose })}{' '}
            <button type="button" className="link" onClick={() => sayPurpose(null)}>
              {t('access.purposeChange')}
            </button>
          </p>
        )}
        <button type="button" onClick={() => void signOut()}>
          {t('access.signOut')}
        </button>
      </div>
    </Popover>
  )
}

/** What the person is, and where, in words. */
function Held({ me }: { me: Me }) {
  const { t } = useText()
  const roles = me.roles.filter((role) => role !== 'PUBLIC')
  const [first] = me.grants
  return (
    <>
      <p>{roles.length > 0 ? roles.map((role) => t(`roleOf.${role}`)).join(' · ') : t('access.noRole')}</p>
      {first?.everywhere && <p>{t('access.everywhere')}</p>}
      {first && !first.everywhere && (
        <>
          <p>{first.units.length > 0 ? t('access.where') : t('access.nowhere')}</p>
          <ul>
            {first.units.map(({ level, code, fullName }) => (
              <li key={`${level}:${code}`}>
                <button type="button" className="link" onClick={() => changeView({ within: level === 'PROVINCE' || level === 'HAMLET' ? null : { level, code }, level: level === 'HAMLET' ? 'HAMLET' : null, unit: level === 'HAMLET' ? { level, code } : null, at: null, boundariesAsOf: null })}>
                  {fullName}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** Says that nobody is signed in any more, or not yet, where somebody thought otherwise. */
export function Notice() {
  const { t } = useText()
  const { said } = useSession()
  if (!said) return null
  return (
    <div className="notice" role="alert">
      <p>{t(`access.${said}`)}</p>
      <SignIns />
      <button type="button" aria-label={t('card.close')} onClick={() => become({ said: null })}>
        ×
      </button>
    </div>
  )
}
