import type { ReportView, TokenViewName } from './reportHeader';

/** Whether a view's figures follow a threshold. */
export function isTokenView(view: ReportView): view is TokenViewName {
  return view === 'honest' || view === 'paper';
}
