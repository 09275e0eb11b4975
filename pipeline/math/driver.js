// What Python calls: the formulas of one post, compiled in order, then typeset.
// Every answer is a JSON string; an object of another kind would leave the context.
(() => {
  const {startup} = MathJax;
  startup.getComponents();
  const {adaptor, document} = startup;
  const {TeX} = MathJax._.input.tex_ts;
  const {TagsFactory} = MathJax._.input.tex.Tags;
  const visitor =
    new MathJax._.core.MmlTree.SerializedMmlVisitor.SerializedMmlVisitor();
  const MathItem = document.options.MathItem;

  const EM = 16;
  const EX = 0.442 * EM;  // of MathJax's own font: characters it lacks get 1em then
  const COLUMN_WIDTH = 38 * EM;
  const NUMBER_GAP = '2em';
  const FIT_GAP = '1em';
  const STAGGER = '2em';
  const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:)[^\s<>"']+$/i;
  const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([\d.,%\s]+\))$/i;

  const BORDER =  // as \fcolorbox and \bbox have it
    /^border: ?[\d.]+(?:px|pt|em|ex) (?:solid|dashed|dotted) (?:#[0-9a-f]{3,8}|[a-z]+);?$/i;
  const COLOUR_OF_STYLE = /(?:^|;)\s*color\s*:\s*([^;]+)/i;

  // Attributes a writer can set to anything; all others are MathJax's own or numbers.
  const ALLOWED = {
    href: (value) => SAFE_ADDRESS.test(value),
    mathcolor: (value) => COLOUR.test(value),
    mathbackground: (value) => COLOUR.test(value),
    color: () => false,
    background: () => false,
    style: (value) => BORDER.test(value),
    class: () => false,
    id: () => false,
    fontfamily: () => false,
  };

  let settings;               // of this engine: {packages, macros, maxSize}
  let tex;                    // the parser of this post
  const waiting = new Map();  // formulas of this post that name a later one

  const children = (node) => (node.childNodes || []).filter(Boolean);
  const textOf = (node) =>
    node.isKind('text') ? node.getText() : children(node).map(textOf).join('');

  function walk(node, visit) {
    visit(node);
    children(node).forEach((child) => walk(child, visit));
  }

  function faultsOf(root) {
    const faults = [];
    walk(root, (node) => {
      if (node.isKind('merror')) faults.push(node.attributes.get('data-mjx-error'));
    });
    return faults;
  }

  function sanitise(root) {
    walk(root, (node) => {
      if (!node.attributes) return;
      const written = node.attributes.getAllAttributes();
      const colour = COLOUR_OF_STYLE.exec(written.style || '');
      if (colour) written.mathcolor = colour[1].trim();
      Object.keys(written).forEach((name) => {
        const isAllowed = ALLOWED[name];
        if (isAllowed && !isAllowed(String(written[name]))) delete written[name];
      });
    });
  }

  function dropAttributes(node, names) {
    const written = node.attributes.getAllAttributes();
    names.forEach((name) => delete written[name]);
  }

  const isLabelled = (row) => row.isKind('mlabeledtr');

  // [label, cells] of a row; the label is undefined where there is none
  const parted = (row) => {
    const cells = row.childNodes.slice();
    return isLabelled(row) ? [cells.shift(), cells] : [undefined, cells];
  };

  const rowOf = (row, cells) => row.factory.create('mtr', {}, cells);

  // A list of sizes or alignments for `count` columns: the last one is repeated.
  function columnsOf(table, name, otherwise, count) {
    const list = String(table.attributes.getExplicit(name) || otherwise).split(/\s+/);
    if (count === undefined) return list;
    while (list.length < count) list.push(list[list.length - 1]);
    return list.slice(0, count);
  }

  function setColumns(table, name, list) {
    table.attributes.set(name, list.join(' '));
  }

  // The numbers of several rows become a last column.
  function numberColumn(table) {
    const rows = table.childNodes.map((row) => [row, ...parted(row)]);
    const width = Math.max(...rows.map(([, , cells]) => cells.length));
    table.setChildren(rows.map(([row, label, cells]) => {
      if (label === undefined) return row;
      const padding = Array.from({length: width - cells.length},
        () => row.factory.create('mtd'));
      return rowOf(row, [...cells, ...padding, label]);
    }));
    const gaps = columnsOf(table, 'columnspacing', '1em', width - 1);
    setColumns(table, 'columnspacing', [...gaps, NUMBER_GAP]);
    const sides = columnsOf(table, 'columnalign', 'center', width);
    setColumns(table, 'columnalign', [...sides, 'right']);
  }

  // The number of a table of one row is set beside it, by whoever shows it.
  function takeNumber(table) {
    const row = table.childNodes[0];
    const [label, cells] = parted(row);
    if (cells.length === 1 && table.parent.parent.isKind('math')) {
      const content = row.factory.create('mrow', {}, cells[0].childNodes[0].childNodes);
      table.parent.replaceChild(content, table);
    } else {
      table.setChildren([rowOf(row, cells)]);
    }
    return textOf(label);
  }

  // What has the width of the page there has none here: columns that take what is left become gaps,
  // and the lines of multline keep their stagger.
  function narrow(table) {
    const written = table.attributes.getAllAttributes();
    if (!String(written.width).endsWith('%')) return;
    delete written.width;
    delete written['data-width-includes-label'];
    if (String(written.columnwidth).includes('fit')) closeUp(table);
    else stagger(table);
  }

  function closeUp(table) {
    const isFit = columnsOf(table, 'columnwidth', 'auto').map((width) => width === 'fit');
    const gaps = columnsOf(table, 'columnspacing', '0em', isFit.length - 1);
    setColumns(table, 'columnspacing',
      gaps.map((gap, index) => (isFit[index] || isFit[index + 1] ? FIT_GAP : gap)));
    dropAttributes(table, ['columnwidth', 'framespacing', 'frame']);
  }

  function stagger(table) {
    const space = () => table.factory.create('mspace', {width: STAGGER});
    const lines = table.childNodes.map((row) => row.childNodes[row.childNodes.length - 1]);
    dropAttributes(table, ['framespacing', 'columnspacing', 'frame']);
    lines.slice(1).forEach((line) => {
      const [content] = line.childNodes;
      content.setChildren([space(), ...content.childNodes]);
    });
    lines.slice(0, -1).forEach((line) => line.childNodes[0].appendChild(space()));
  }

  const isLineBreak = (node) =>
    node.isKind('mspace') && node.attributes.get('linebreak') === 'newline';

  // `a \\ b` between dollars: MathJax 3 sets both on one line, MathJax 2 and KaTeX do not.
  function breakLines(root) {
    let [content] = root.childNodes;
    const [only] = content.childNodes;
    if (content.childNodes.length === 1 && only.isKind('mrow') && !only.getProperty('open')) {
      content = only;  // of a formula whose number was taken
    }
    if (!content.childNodes.some(isLineBreak)) return;
    const {factory} = root;
    const lines = [[]];
    content.childNodes.forEach((node) => {
      if (isLineBreak(node)) lines.push([]);
      else lines[lines.length - 1].push(node);
    });
    const rows = lines.filter((line) => line.length > 0)
      .map((line) => factory.create('mtr', {}, [factory.create('mtd', {}, line)]));
    content.setChildren([factory.create('mtable', {displaystyle: true, rowspacing: '3pt'}, rows)]);
    root.setInheritedAttributes({}, true, 0, false);
  }

  // Take the labels off all tables in `root`; return the numbers to set beside it.
  function unlabel(root) {
    const numbers = [];
    const visit = (node, isHidden) => {
      const isPhantom = isHidden || node.isKind('mphantom');
      children(node).forEach((child) => visit(child, isPhantom));
      if (!node.isKind('mtable')) return;
      narrow(node);
      if (!node.childNodes.some(isLabelled)) return;
      dropAttributes(node, ['side', 'minlabelspacing']);
      if (isHidden) node.setChildren(node.childNodes.map((row) => rowOf(row, parted(row)[1])));
      else if (node.childNodes.length === 1) numbers.push(takeNumber(node));
      else numberColumn(node);
    };
    visit(root, false);
    return numbers.join(' ');
  }

  // For the image alone. MathJax's fonts have no digit with double strokes: bold is the
  // other custom. Of their two double bars the one that \left takes is too short.
  function suitFonts(root) {
    walk(root, (node) => {
      if (node.isKind('mn') && node.attributes.get('mathvariant') === 'double-struck') {
        node.attributes.set('mathvariant', 'bold');
      }
      if (node.isKind('text') && node.getText() === '\u2016') node.setText('\u2225');
    });
  }

  // A fault is what the writer did; what is thrown is a bound of ours, or a bug.
  function compile(item) {
    item.root = tex.compile(item, document);
    const faults = faultsOf(item.root);
    return faults.length === 0 ? {} : {fault: faults.join('; ')};
  }

  function typeset(item) {
    sanitise(item.root);
    const number = unlabel(item.root);
    if (item.display) breakLines(item.root);
    const mathml = visitor.visitTree(item.root);
    suitFonts(item.root);
    const container = document.outputJax.typeset(item, document);
    const svg = adaptor.outerHTML(adaptor.firstChild(container));
    const size = mathml.length + svg.length;
    return size > settings.maxSize ? {size} : {mathml, svg, number};
  }

  const compiledAndTypeset = (item) => {
    const compiled = compile(item);
    return compiled.fault ? compiled : typeset(item);
  };

  // The first time; {later: true} of one that names a formula that is yet to come.
  function attempt(item, wanted) {
    const compiled = compile(item);
    if (compiled.fault) return compiled;
    if (item.inputData.recompile) return {later: true};
    return wanted ? typeset(item) : {};
  }

  // A formula that is not shown leaves no number and no label behind.
  function attemptOrTakeBack(item, wanted) {
    const {tags} = tex.parseOptions;
    const before = tags.allCounter;
    let answer;
    try {
      answer = attempt(item, wanted);
      return answer;
    } finally {
      if (!answer || answer.fault || answer.size) tags.takeBack(before);
    }
  }

  // An answer as JSON, with the time it took; what is thrown is an {error}.
  function answered(work) {
    const start = Date.now();
    let answer;
    try {
      answer = work();
    } catch (error) {
      answer = {error: String(error)};
    }
    return JSON.stringify({...answer, seconds: (Date.now() - start) / 1000});
  }

  globalThis.configure = (json) => {
    settings = JSON.parse(json);
  };

  // A new TeX parser has no macro, colour or number of the post before; 2 ms.
  globalThis.begin = () => {
    const {packages, macros} = settings;
    tex = new TeX({packages, macros, tags: 'post', maxBuffer: 50 * 1024,
      textmacros: {packages: ['text-base', 'post-text']}});
    tex.setAdaptor(adaptor);
    tex.setMmlFactory(document.mmlFactory);
    tex.reset();
    waiting.clear();
    // mathtools registers a class for each parser, which would keep all of them.
    TagsFactory.add(tex.parseOptions.options.tags, null);
    TagsFactory.setDefault('none');
  };

  // Typeset the next formula: {mathml, svg, number}, {later}, {fault}, or the {size}
  // of a result that is too large; unless `wanted`, only what later ones need of it.
  globalThis.typeset = (json) => answered(() => {
    const {index, written, display, wanted} = JSON.parse(json);
    const item = new MathItem(written, tex, display);
    item.setMetrics(EM, EX, COLUMN_WIDTH, 1e7, 1);
    const answer = attemptOrTakeBack(item, wanted);
    if (answer.later) waiting.set(index, item);
    return answer;
  });

  // Typeset one that waited for a later formula, when all are known.
  globalThis.resolve = (index) => answered(() => {
    const item = waiting.get(index);
    waiting.delete(index);
    return compiledAndTypeset(item);
  });
})();
