// Makes portal/static/dist: Tabler without what no page uses, our styles and script, htmx, the font, the icons.
// Every served file carries a hash of its bytes in its name, so a browser may keep it for ever.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const SOURCE = "portal/static/src";
const DIST = "portal/static/dist";
const DRAFT = `${DIST}.new`;
const TABLER = "node_modules/@tabler/core/dist/css/tabler.css";
const ICONS = "node_modules/@tabler/icons/icons/outline";
const FONTS = "node_modules/@fontsource-variable/inter/files";
const HTMX = "node_modules/htmx.org/dist/htmx.min.js";

const manifest = {};
const pages = ["templates", "portal", "jobs"].flatMap((folder) => filesUnder(folder, [".html", ".txt", ".py"]));
const styles = filesUnder(`${SOURCE}/css`, [".css"]);
const scripts = filesUnder(`${SOURCE}/js`, [".js"]);
const doorScripts = filesUnder(`${SOURCE}/door`, [".js"]);
const pictures = filesUnder(`${SOURCE}/img`, [".svg", ".png", ".ico", ".webp"]);

function filesUnder(folder, endings) {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return found.map((entry) => join(entry.parentPath, entry.name)).filter((path) => endings.includes(extname(path))).sort();
}

function text(paths) {
  return paths.map((path) => readFileSync(path, "utf8")).join("\n");
}

function serve(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const served = join(dirname(name), `${basename(name, extname(name))}.${hash}${extname(name)}`);
  const path = join(DRAFT, served);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  if ([".css", ".js", ".svg"].includes(extname(name))) compress(path, Buffer.from(bytes));
  manifest[name] = served;
}

function compress(path, bytes) {
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes));
}

function withServedAddresses(css) {
  return css.replace(/url\("((?:fonts|img)\/[^"]+)"\)/g, (whole, name) => {
    if (!manifest[name]) throw new Error(`The stylesheet names ${name}, which is not among the fonts and pictures.`);
    return `url("${manifest[name]}")`;
  });
}

async function minified(loader, code) {
  return (await esbuild.transform(code, { loader, minify: true, legalComments: "none" })).code;
}

async function tablerWithoutTheUnused() {
  const named = text(styles).match(/--tblr-[\w-]+/g) ?? [];
  const [{ css }] = await new PurgeCSS().purge({
    content: [...pages, ...scripts, ...doorScripts].map((path) => ({ raw: readFileSync(path, "utf8"), extension: "html" })),
    css: [TABLER],
    fontFace: true,
    keyframes: true,
    variables: true,
    safelist: { standard: ["data-bs-theme", "dark", "light"], variables: [...new Set(named)] },
  });
  return css;
}

async function oneScript(paths) {
  const contents = paths.map((path) => `import "./${path}";`).join("\n");
  const stdin = { contents, resolveDir: ".", loader: "js" };
  const built = await esbuild.build({ stdin, bundle: true, minify: true, write: false, format: "iife" });
  return built.outputFiles[0].text;
}

// A page may name an icon directly, in a list or through a macro, so every quoted word that is an icon counts.
function iconsNamed() {
  const quoted = new Set([...text([...pages, ...scripts]).matchAll(/["']([a-z0-9][a-z0-9-]*)["']/g)].map((match) => match[1]));
  const known = readdirSync(ICONS).map((file) => basename(file, ".svg"));
  return Object.fromEntries(known.filter((name) => quoted.has(name)).sort().map((name) => [name, drawing(name)]));
}

function drawing(name) {
  const svg = readFileSync(`${ICONS}/${name}.svg`, "utf8");
  const inside = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return inside.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "").replace(/\s*\n\s*/g, "").trim();
}

rmSync(DRAFT, { recursive: true, force: true });
for (const set of ["latin", "latin-ext"]) {
  const font = `inter-${set}-opsz-normal.woff2`;
  serve(`fonts/${font}`, readFileSync(join(FONTS, font)));
}
serve("icon.svg", readFileSync(join(SOURCE, "icon.svg")));
for (const picture of pictures) serve(`img/${basename(picture)}`, readFileSync(picture));
serve("tabler.css", await minified("css", await tablerWithoutTheUnused()));
serve("goodword.css", await minified("css", withServedAddresses(text(styles))));
serve("htmx.js", readFileSync(HTMX));
serve("goodword.js", await oneScript(scripts));
serve("door.js", await oneScript([`${SOURCE}/door/door.js`]));
serve("door-worker.js", await oneScript([`${SOURCE}/door/worker.js`]));
writeFileSync(join(DRAFT, "icons.json"), JSON.stringify(iconsNamed()));
writeFileSync(join(DRAFT, "manifest.json"), JSON.stringify(manifest, null, 2));
rmSync(DIST, { recursive: true, force: true });
renameSync(DRAFT, DIST);
