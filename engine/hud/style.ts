/** The panel's own style: it neither reaches the page nor is reached by it, but for the host's box and the two colours. */
const STYLE = `
:host{position:fixed;z-index:1;top:max(8px,env(safe-area-inset-top));left:max(8px,env(safe-area-inset-left));
box-sizing:border-box;width:min(286px,calc(100vw - 16px));max-height:calc(100vh - 16px);overflow:auto;pointer-events:auto;padding:8px 10px;
border:1px solid rgb(255 255 255/9%);border-radius:6px;background:var(--hud-background,rgb(7 9 14/68%));color:var(--hud-color,#e6ebf2);
font:11px/1.45 ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-variant-numeric:tabular-nums}
:host([hidden]){display:none}
header{display:flex;justify-content:space-between;letter-spacing:.04em}
p{margin:3px 0 0;overflow-wrap:anywhere}
canvas{display:block;width:100%;height:62px;margin-top:5px;background:rgb(255 255 255/4%)}
.key{display:flex;align-items:center;gap:4px;white-space:nowrap}
.key b{margin-right:auto;font-weight:600}
i{flex:none;width:7px;height:7px;border-radius:1px}
.bar{display:flex;height:8px;margin-top:5px;overflow:hidden;border-radius:2px}
.bar i{flex:0 1 0;width:auto;height:auto;min-width:1px;border-radius:0}
summary,dt,th,.small{color:color-mix(in srgb,currentColor 72%,transparent)}
summary{margin-top:4px;cursor:pointer}
.small{font-size:10px;line-height:1.35}
p:empty{display:none}
.legend,dl{display:grid;grid-template-columns:1fr 1fr;column-gap:14px;margin:0}
.legend span,dl div{display:flex;align-items:center;gap:5px}
.legend b,dd{margin:0 0 0 auto;font-weight:400}
table,dl{width:100%;margin-top:5px;padding-top:4px;border-top:1px solid rgb(255 255 255/10%)}
table{border-spacing:0;text-align:right}
th,td{padding:0;font-weight:400}
th:first-child{text-align:left}
@media(max-width:480px){canvas{height:46px}}
`

/** Gives a shadow root the style: as a sheet that strict pages allow, or as an element where the browser is too old for it. */
export function addStyle(root: ShadowRoot): void {
  if ('adoptedStyleSheets' in root) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    root.adoptedStyleSheets = [sheet]
    return
  }
  const element = document.createElement('style')
  element.textContent = STYLE
  ;(root as ShadowRoot).append(element)
}
