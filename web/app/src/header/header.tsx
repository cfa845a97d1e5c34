// The line on top: what this is, search, and what holds for all that is shown.
import { useStart } from '../api/start'
import icon from '../icon.svg'
import { changeLanguage, useText } from '../text/text'
import { Menu } from './menu'

export function Header() {
  const { t, language } = useText()
  const { data } = useStart()
  const synthetic = data?.datasets.some((one) => one.synthetic) ?? false
  return (
    <header>
      <h1>
        <img src={icon} alt="" width="28" height="28" />
        {t('app.name')}
      </h1>
      {synthetic && (
        <span className="badge" title={t('data.syntheticLong')}>
          {t('data.synthetic')}
        </span>
      )}
      <button type="button" lang={language === 'vi' ? 'en' : 'vi'} title={t('app.languageLabel')} onClick={() => changeLanguage(language === 'vi' ? 'en' : 'vi')}>
        {t('app.language')}
      </button>
      <Menu />
    </header>
  )
}
