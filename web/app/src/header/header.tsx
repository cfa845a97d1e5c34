// The line on top: what this is, search, and what holds for all that is shown.
import { Account } from '../access/account'
import { useNewest } from '../api/start'
import icon from '../icon.svg'
import { State } from '../live/state'
import { changeLanguage, useText } from '../text/text'
import { Export } from './export'
import { Menu } from './menu'
import { Search } from './search'
import { Share } from './share'

export function Header() {
  const { t, language } = useText()
  const newest = useNewest()
  return (
    <header>
      <h1>
        <img src={icon} alt="" width="28" height="28" />
        <span>{t('app.name')}</span>
      </h1>
      <Search />
      <div className="states">
        {newest?.synthetic && (
          <span className="badge" title={t('data.syntheticLong')}>
            {t('data.synthetic')}
          </span>
        )}
        <State />
      </div>
      <Share />
      <Export />
      <button type="button" className="language" lang={language === 'vi' ? 'en' : 'vi'} title={t('app.languageLabel')} onClick={() => changeLanguage(language === 'vi' ? 'en' : 'vi')}>
        {t('app.language')}
      </button>
      <Account />
      <Menu />
    </header>
  )
}
