// node_modules/preact/dist/preact.mjs
var n;
var t$1;
var u$2;
var i$1;
var f$2;
var o$2;
var e$1;
var l$1;
var c$1;
var a$2;
var s$1;
var h$1 = Symbol.for("pv");
var p$1 = {};
var y$1 = [];
var v$1 = /^m(i|n|o|s|text|space)$/;
var w$1 = Array.isArray;
var d$1 = y$1.slice;
var _$1 = Object.assign;
function g$1(n) {
	n && n.parentNode && n.remove();
}
function m$1(r, u, i, f, o) {
	var e = {
		type: r,
		props: u,
		key: i,
		ref: f,
		__k: null,
		__: null,
		__b: 0,
		__e: null,
		__c: null,
		constructor: h$1,
		__v: o || ++t$1,
		__i: -1,
		__u: 0
	};
	return !o && n.vnode && n.vnode(e), e;
}
function $(n) {
	return n.children;
}
function x(n, t) {
	this.props = n, this.context = t, this.__g = 0;
}
function S(n, t) {
	if (null == t) return n.__ && S(n.__, n.__i + 1);
	for (var r; t < n.__k.length; t++) if ((r = n.__k[t]) && r.__e) return r.__e;
	return "function" != typeof n.type || n.props.__P ? null : S(n);
}
function C$1(t) {
	var r, u = t.__v, i = u.__e, f = [], o = [], e = t.__P;
	e && ((r = _$1({ constructor: h$1 }, u)).__v = u.__v + 1, n.vnode && n.vnode(r), z$1(e, r, u, t.__n, e.namespaceURI, 32 & u.__u ? [i] : null, f, i || S(u), 32 & u.__u, o), r.__v = u.__v, r.__.__k[r.__i] = r, E$1(f, r, o), u.__ = u.__e = null, r.__e != i && j$1(r));
}
function j$1(n) {
	if ((n = n.__) && n.__c && !n.props.__P) return n.__e = null, n.__k.some(function(t) {
		return t && (n.__e = t.__e);
	}), j$1(n);
}
function L(t) {
	(8 & t.__g || (t.__g |= 8, u$2.push(t), f$2++)) && i$1 == n.debounceRendering || ((i$1 = n.debounceRendering) || queueMicrotask)(H);
}
function H() {
	try {
		for (var n, t = 1; u$2.length;) u$2.length > t && u$2.sort(o$2), n = u$2.shift(), t = u$2.length, 8 & n.__g && C$1(n);
	} finally {
		(f$2 = u$2.length) && (i$1 || queueMicrotask)(H);
	}
}
function I(n, t, r, u, i, f, o, e, l, c, a) {
	var s, h, v, w, d, _, g = u.__k || y$1, k = t.length;
	for (l = q(r, t, g, l, k), s = 0; s < k; s++) null != (v = r.__k[s]) && (h = ~v.__i && g[v.__i] || p$1, v.__i = s, _ = z$1(n, v, h, i, f, o, e, l, c, a), w = v.__e, (h.ref != v.ref || 8 & h.__u) && (h.ref && G$1(h.ref, null, v, h), v.ref && a.push(v.ref, v.__c || w, v)), d = d || w, 4 & v.__u ? (l = A$1(v, l, n, !h.__v), h.__e && (h.__e = null)) : "function" == typeof v.type && void 0 !== _ ? l = _ : w && (l = w.nextSibling), v.__u &= -21);
	return r.__e = d, l;
}
function q(n, t, r, u, i) {
	var f, o, e, l, c, a, s, p, y, v = r.length, d = v, _ = 0, g = 0, k = n.__k = Array(i);
	for (f = 0; f < i; f++) null != (o = t[f]) && "boolean" != typeof o && "function" != typeof o ? ("object" != typeof o || o.constructor === String ? o = k[f] = m$1(null, o) : w$1(o) ? o = k[f] = m$1($, { children: o }) : o.constructor === h$1 && o.__b ? o = k[f] = m$1(o.type, o.props, o.key, o.ref, o.__v) : k[f] = o, l = f + _, o.__ = n, o.__b = n.__b + 1, e = null, ~(c = o.__i = P(o, r, l, d)) && (d--, (e = r[c]) && (e.__u |= 2)), e && e.__v ? (o.__u |= 16, c == l - 1 ? _-- : c == l + 1 ? _++ : c != l && (c > l ? _-- : _++, g = 1)) : (~c || (i > v ? _-- : i < v && _++), "function" != typeof o.type && (o.__u |= 4))) : k[f] = null;
	if (g) {
		for (a = [], s = [], f = 0; f < i; f++) if ((o = k[f]) && 16 & o.__u) {
			for (_ = 0, p = a.length; _ < p;) a[y = _ + p >> 1] < o.__i ? _ = y + 1 : p = y;
			a[_] = o.__i, s[f] = _ + 1;
		}
		for (_ = a.length; f--;) s[f] && (s[f] == _ ? _-- : k[f].__u |= 4);
	}
	if (d) for (f = 0; f < v; f++) !(e = r[f]) || 2 & e.__u || (e.__e == u && (u = S(e)), J(e, e));
	return u;
}
function A$1(n, t, r, u) {
	var i, f, o, e;
	if ("function" == typeof n.type) {
		if (n.props.__P) return t;
		if (i = n.__k) for (f = 0; f < i.length; f++) i[f] && (i[f].__ = n, t = A$1(i[f], t, r, !1));
		return t;
	}
	for (t && !t.parentNode && (t = S(n)) && !t.parentNode && (t = null), o = n.__e, e = t; e && 8 == e.nodeType;) e = e.nextSibling;
	for (o != e && (!u && r.moveBefore && o.parentNode ? r.moveBefore(o, t) : r.insertBefore(o, t || null)), t = o; (t = t && t.nextSibling) && 8 == t.nodeType && !t.data.startsWith("$s"););
	return t;
}
function P(n, t, r, u) {
	var i, f = n.key, o = n.type, e = t[r], l = e && !(2 & e.__u);
	if (null === e && null == f || l && f == e.key && o == e.type) return r;
	if (u > (l ? 1 : 0)) {
		for (i = r - 1; i >= 0; i--) if ((e = t[i]) && !(2 & e.__u) && f == e.key && o == e.type) return i;
		for (i = r + 1; i < t.length; i++) if ((e = t[i]) && !(2 & e.__u) && f == e.key && o == e.type) return i;
	}
	return -1;
}
function T$1(n, t, r) {
	r ??= "", "-" == t[0] ? n.setProperty(t, r) : n[t] = r;
}
function N(n, t, r, u, i) {
	var f, o;
	if ("style" == t) if ("string" == typeof r) n.style.cssText = r;
	else {
		if ("string" == typeof u && (n.style.cssText = u = ""), u) for (t in u) r && t in r || T$1(n.style, t);
		if (r) for (t in r) u && r[t] == u[t] || T$1(n.style, t, r[t]);
	}
	else if ("o" == t[0] && "n" == t[1]) "function" != typeof r && (r = null), "function" != typeof u && (u = null), (n.__e || (n.__e = {}))[t] = r, r && u || (o = a$2[t] || (a$2[t] = V(t)), (n.__a || (n.__a = {}))[t] = c$1, f = t != (t = t.replace(l$1, "$1")), (t = t.slice(2))[0] < "a" && (t = t.toLowerCase()), r ? n.addEventListener(t, o, f) : n.removeEventListener(t, o, f));
	else {
		if ("http://www.w3.org/2000/svg" == i) t = t.replace(/xlink(H|:h)/, "h").replace(/sName$/, "s");
		else if ("width" != t && "height" != t && "href" != t && "list" != t && "form" != t && "tabIndex" != t && "download" != t && "rowSpan" != t && "colSpan" != t && "role" != t && "popover" != t && t in n) try {
			n[t] = null == r ? "" : r;
			return;
		} catch (n) {}
		if ("function" == typeof r) return;
		null == r || !1 === r && "-" != t[4] ? n.removeAttribute(t) : n.setAttribute(t, "popover" == t && 1 == r ? "" : r);
	}
}
function V(t) {
	return function(r) {
		var u = this.__e;
		if (u) {
			if (u = u[t], null == r[e$1]) r[e$1] = c$1++;
			else if (r[e$1] < this.__a[t]) return;
			return u(n.event ? n.event(r) : r);
		}
	};
}
function z$1(t, r, u, i, f, o, e, l, c, a) {
	var s, p, v, d, k, b, m, M, C, j, L, H, q, A, O, P, T, N, V = r.type;
	if (r.constructor !== h$1) return null;
	128 & u.__u && (c = 32 & u.__u, s = u.__c.__z) && (r.__u |= c, p = o = [], 8 == s.nodeType ? l = B$1(s, o) : o.push(s), l = o[0] || l), (s = n.__b) && s(r);
	n: if ("function" == typeof V) {
		v = e.length;
		try {
			if (M = r.props, C = (s = V.prototype) && s.render, j = (s = V.contextType) && i[s.__c], L = s ? j ? j.props.value : s.__ : i, (d = u.__c) ? (r.__c = d, 2 & d.__g && (d.__g |= 1)) : (C ? r.__c = d = new V(M, L) : (r.__c = d = new x(M, L), d.constructor = V, d.render = K), j && j.sub(d), d.state || (d.state = {}), d.__n = i, d.__g |= 8, d.__h = [], d.__k = []), C && (d.__s || (d.__s = d.state), V.getDerivedStateFromProps && (d.__s == d.state && (d.__s = _$1({}, d.__s)), _$1(d.__s, V.getDerivedStateFromProps(M, d.__s)))), k = d.props, b = d.state, d.__v = r, u.__c) {
				if (M !== k && C && !V.getDerivedStateFromProps && d.componentWillReceiveProps && d.componentWillReceiveProps(M, L), r.__v == u.__v && !(8 & d.__g) || !(4 & d.__g) && d.shouldComponentUpdate && !1 === d.shouldComponentUpdate(M, d.__s, L)) {
					r.__v != u.__v && (d.props = M, d.state = d.__s, d.__g &= -9), r.__e = u.__e, r.__k = u.__k, r.__k.some(function(n) {
						n && (n.__ = r);
					}), y$1.push.apply(d.__h, d.__k), d.__k = [], d.__h.length && e.push(d), l = S(u);
					break n;
				}
				d.componentWillUpdate && d.componentWillUpdate(M, d.__s, L), C && d.componentDidUpdate && d.__h.push(function() {
					d.componentDidUpdate(k, b, m);
				});
			} else C && !V.getDerivedStateFromProps && d.componentWillMount && d.componentWillMount(), C && d.componentDidMount && d.__h.push(d.componentDidMount);
			d.context = L, d.props = M, d.__P = t, d.__g &= -5, H = n.__r, q = C ? 25 : 0;
			do
				d.__g &= -9, H && H(r), s = d.render(d.props, d.state = d.__s, d.context);
			while (8 & d.__g && ++q < 25);
			C && (y$1.push.apply(d.__h, d.__k), d.__k = []), d.state = d.__s, d.getChildContext && (i = _$1({}, i, d.getChildContext())), C && u.__c && d.getSnapshotBeforeUpdate && (m = d.getSnapshotBeforeUpdate(k, b)), A = s && s.type === $ && null == s.key ? s.props.children : s, M.__P && (s = l, f = (t = M.__P).namespaceURI, c = o = null, u.props && u.props.__P != t && (u.__k.some(function(n) {
				n && J(n, n);
			}), u.__k = null), l = u.__k ? S(u, 0) : null), l = I(t, w$1(A) ? A : [A], r, u, i, f, o, e, l, c, a), M.__P && (r.__e = null, l = s), r.__u &= -161, p && p.some(g$1), d.__h.length && e.push(d), 1 & d.__g && (d.__g &= -4);
		} catch (t) {
			if (e.length = v, r.__v = null, c || o) if (t && t.then) {
				if (r.__u |= 128 | c, o) {
					for (~(T = o.indexOf(l || void 0)) || (T = o.length); (N = o[T - 1]) && 8 == N.nodeType;) T--;
					for (; T < o.length; T++) if (N = o[T]) if (o[T] = null, O) {
						if (N == P) break;
					} else {
						if (8 != N.nodeType) break;
						N.data.startsWith("$s") && (P = B$1(O = N));
					}
				}
				if (!O) {
					for (; l && 8 == l.nodeType && l.nextSibling;) l = l.nextSibling;
					O = l;
				}
				(s = B$1(O = r.__c.__z || (r.__c.__z = O))) ? (r.__e = O, l = s) : r.__e = l, l = l && l.nextSibling;
			} else o && o.some(g$1);
			else r.__e = u.__e;
			r.__k || (r.__k = u.__k || []), t && t.then || D$1(r), n.__e(t, r, u);
		}
	} else l = r.__e = F$1(u.__e, r, u, i, f, o, e, c, a, t);
	return (s = n.diffed) && s(r), l;
}
function B$1(n, t) {
	if (n && 8 == n.nodeType && n.data.startsWith("$s")) for (var r = 1; n = n.nextSibling;) {
		if (8 == n.nodeType) {
			if (n.data.startsWith("$s")) r++;
			else if (n.data.startsWith("/$s") && !--r) return n;
		}
		t && t.push(n);
	}
}
function D$1(n) {
	n && (n.__c && (n.__c.__g |= 4), n.__k && n.__k.some(D$1));
}
function E$1(t, r, u) {
	for (var i = 0; i < u.length;) G$1(u[i++], u[i++], u[i++]);
	n.__c && n.__c(r, t), t.some(function(r) {
		try {
			t = r.__h, r.__h = [], t.some(function(n) {
				n.call(r);
			});
		} catch (t) {
			n.__e(t, r.__v);
		}
	});
}
function F$1(t, r, u, i, f, o, e, l, c, a) {
	var s, h, y, _, k, b, m, M, $ = u.props || p$1, x = r.props, C = r.type;
	if ("svg" == C ? f = "http://www.w3.org/2000/svg" : "math" == C ? f = "http://www.w3.org/1998/Math/MathML" : f || (f = "http://www.w3.org/1999/xhtml"), o) {
		for (s = 0; s < o.length; s++) if ((k = o[s]) && (C ? k.localName == C : 3 == k.nodeType)) {
			t = k, o[s] = null;
			break;
		}
	}
	if (!t) {
		if (M = a.ownerDocument || document, !C) return M.createTextNode(x);
		t = M.createElementNS(f, C, x.is ? x : a), l && (n.__m && n.__m(r, o), l = !1), o = null;
	}
	if (C) {
		if (a = "template" == C && t.content || t, o = "textarea" == C && null != x.defaultValue ? null : o && d$1.call(a.childNodes), !l && o) for ($ = {}, s = 0; s < t.attributes.length; s++) $[(k = t.attributes[s]).name] = k.value;
		for (s in $) k = $[s], "dangerouslySetInnerHTML" == s ? y = k : "children" == s || s in x || "value" == s && "defaultValue" in x || "checked" == s && "defaultChecked" in x || N(t, s, null, k, f);
		for (s in x) k = x[s], "children" == s ? _ = k : "dangerouslySetInnerHTML" == s ? h = k : "value" == s ? b = k : "checked" == s ? m = k : l && "function" != typeof k || $[s] === k || N(t, s, k, $[s], f);
		h ? (l || y && (h.__html == y.__html || h.__html == t.innerHTML) || (t.innerHTML = h.__html), r.__k = []) : (y && (t.textContent = ""), ("foreignObject" == C || "http://www.w3.org/1998/Math/MathML" == f && v$1.test(C)) && (f = "http://www.w3.org/1999/xhtml"), I(a, w$1(_) ? _ : [_], r, u, i, f, o, e, o ? o[0] : u.__k && S(u, 0), l, c), o && o.some(g$1)), l && "textarea" != C || (s = "value", "progress" == C && null == b ? t.removeAttribute(s) : null == b || b === t[s] && ("progress" != C || b) || N(t, s, b, $[s], f), s = "checked", null != m && m != t[s] && N(t, s, m, $[s], f));
	} else $ === x || l && t.data == x || (t.data = x);
	return t;
}
function G$1(t, r, u, i) {
	try {
		"function" == typeof t ? r ? r.__x = t(r) || 1 : i && (i = i.__c || i.__e) && (r = i.__x) && (i.__x = null, "function" == typeof r ? r() : t(null)) : t.current = r;
	} catch (t) {
		n.__e(t, u);
	}
}
function J(t, r, u) {
	var i, f, o, e;
	if (n.unmount && n.unmount(t), !(i = t.ref) || i.current && i.current != t.__e || G$1(i, null, r, t), i = t.__c) {
		if (i.componentWillUnmount) try {
			i.componentWillUnmount();
		} catch (t) {
			n.__e(t, r);
		}
		i.__P = i.__n = null;
	}
	if (i = t.__k) for (e = 0; e < i.length; e++) i[e] && J(i[e], r, "function" != typeof t.type || u && !t.props.__P);
	!u && (i = t.__c) && (i = i.__z) && (f = B$1(i, o = [])) && (i == t.__e && o.some(g$1), g$1(f), g$1(i)), u || g$1(t.__e), t.__e = t.__c = t.__ = null;
}
function K(n, t, r) {
	return this.constructor(n, r);
}
function Q(t, r) {
	var u, i, f, o;
	n.__ && n.__(t, r), 9 == r.nodeType && (r = r.documentElement), i = (u = t && 32 & t.__u) ? null : r.__k, r.__k = m$1($, { children: [t] }), f = [], o = [], z$1(r, r.__k, i || p$1, p$1, r.namespaceURI, i ? null : r.firstChild ? d$1.call(r.childNodes) : null, f, i ? i.__e : r.firstChild, u, o), E$1(f, r.__k, o), r.__k.props.children = null;
}
function U(n) {
	function t(n) {
		var r, u;
		return this.getChildContext || (r = /* @__PURE__ */ new Set(), (u = {})[t.__c] = this, this.getChildContext = function() {
			return u;
		}, this.shouldComponentUpdate = function(n) {
			this.props.value != n.value && r.forEach(function(n) {
				n.__g |= 4, L(n);
			});
		}, this.sub = function(n) {
			r.add(n);
			var t = n.componentWillUnmount;
			n.componentWillUnmount = function() {
				r.delete(n), t && t.call(n);
			};
		}), n.children;
	}
	return t.__c = "__cC" + s$1++, t.__ = n, t.Provider = (t.Consumer = function(n, t) {
		return n.children(t);
	}).contextType = t, t;
}
n = { __e: function(n, t, r, u) {
	for (var i, o, e; t = t.__;) if ((i = t.__c) && !(1 & i.__g)) {
		i.__g |= 4;
		try {
			if ((e = (o = i.constructor) && o.getDerivedStateFromError) && i.setState(o.getDerivedStateFromError(n)), i.componentDidCatch && (i.componentDidCatch(n, u || {}), e = 1), e && 8 & i.__g) return void (i.__g |= 2);
		} catch (t) {
			n = t;
		}
	}
	throw f$2 = 0, n;
} }, t$1 = 0, x.prototype.setState = function(n, t) {
	var r = this.__s;
	r && r != this.state || (r = this.__s = _$1({}, this.state)), "function" == typeof n && (n = n(_$1({}, r), this.props)), n && (_$1(r, n), this.__v && (t && this.__k.push(t), L(this)));
}, x.prototype.forceUpdate = function(n) {
	this.__v && (this.__g |= 4, n && this.__h.push(n), L(this));
}, x.prototype.render = $, u$2 = [], f$2 = 0, o$2 = function(n, t) {
	return n.__v.__b - t.__v.__b;
}, e$1 = Symbol(), l$1 = /(PointerCapture)$|Capture$/i, c$1 = 0, a$2 = {}, s$1 = 0;
// node_modules/preact/hooks/dist/hooks.mjs
var t;
var r;
var u$1;
var i;
var o$1 = Object.is;
var f$1 = 0;
var c = [];
var e = [];
var a$1 = n;
var v = a$1.__b;
var l = a$1.__r;
var m = a$1.diffed;
var h = a$1.__c;
var s = a$1.unmount;
var p = a$1.__;
function y(n, t) {
	a$1.__h && a$1.__h(r, n, f$1 || t), f$1 = 0;
	var u = r.__H || (r.__H = {
		__: [],
		__h: []
	});
	return n >= u.__.length && u.__.push({}), u.__[n];
}
function d(n) {
	return f$1 = 1, _(G, n);
}
function _(n, u, i) {
	var f = y(t++, 2);
	if (f.t = n, !f.__c && (f.__ = [i ? i(u) : G(void 0, u), function(n) {
		var t = (f.__N || f.__)[0], r = f.t(t, n);
		o$1(t, r) || (f.__N = [r, f.__[1]], f.__c.setState({}));
	}], f.__c = r, !r.__f)) {
		r.__f = !0;
		var c = r.shouldComponentUpdate;
		r.shouldComponentUpdate = function(n, t, r) {
			var u = this.__H;
			if (!u) return !0;
			var i = !1, f = this.props != n;
			if (u.__.some(function(n) {
				n.__N && (i = !0, o$1(n.__[0], n.__N[0]) || (f = !0));
			}), c) {
				var e = c.call(this, n, t, r);
				return i ? e || f : e;
			}
			return !i || f;
		};
	}
	return f.__;
}
function A(n, u) {
	var i = y(t++, 3);
	!a$1.__s && E(i.__H, u) && (i.__P = !0, i.__ = n, i.u = u, r.__H.__h.push(i));
}
function F(n, u) {
	var i = y(t++, 4);
	!a$1.__s && E(i.__H, u) && (i.__P = !1, i.__ = n, i.u = u, r.__h.push(i));
}
function T(n) {
	return f$1 = 5, w(function() {
		return { current: n };
	}, []);
}
function w(n, r) {
	var u = y(t++, 7);
	return E(u.__H, r) && (u.__ = n(), u.__H = r), u.__;
}
function j(n) {
	var u = r.context[n.__c], i = y(t++, 9);
	return i.c = n, u ? (i.__ ?? (i.__ = !0, u.sub(r)), u.props.value) : n.__;
}
function g() {
	var n;
	do {
		for (; n = e.shift();) try {
			C(n);
		} catch (t) {
			a$1.__e(t, { __: (n = n.__P) && n.__v });
		}
		for (; n = c.shift();) {
			var t = n.__H;
			if (n.__P && t) try {
				t.__h.some(C), t.__h.some(D), t.__h = [];
			} catch (r) {
				t.__h = [], a$1.__e(r, n.__v);
			}
		}
	} while (e.length);
}
a$1.__b = function(n) {
	r = null, v && v(n);
}, a$1.__ = function(n, t) {
	n && t.__k && t.__k.__m && (n.__m = t.__k.__m), p && p(n, t);
}, a$1.__r = function(n) {
	l && l(n), t = 0;
	var i = (r = n.__c).__H;
	i && (u$1 == r ? r.__h = [] : (i.__h.some(C), i.__h.some(D), t = 0), i.__h = [], i.__.some(function(n) {
		n.__N && (n.__ = n.__N), n.u = n.__N = void 0;
	})), u$1 = r;
}, a$1.diffed = function(n) {
	m && m(n);
	var t = n.__c;
	t && t.__H && (t.__H.__h.length && B(c.push(t)), t.__H.__.some(function(n) {
		n.u && (n.__H = n.u);
	})), u$1 = r = null;
}, a$1.__c = function(n, t) {
	t.some(function(n) {
		try {
			n.__h.some(C), n.__h = n.__h.filter(function(n) {
				return !n.__ || D(n);
			});
		} catch (t) {
			n.__h = [function() {
				throw t;
			}];
		}
	}), h && h(n, t);
}, a$1.unmount = function(n) {
	s && s(n);
	var t, r, u = n.__c;
	u && u.__H && (u.__H.__.some(function(u) {
		try {
			if (u.__P && u.__c) {
				if (void 0 === r) {
					for (r = n.__; r && (!r.__c || !r.__c.__P);) r = r.__;
					r = r && r.__c;
				}
				u.__P = r, B(e.push(u));
			} else C(u);
		} catch (n) {
			t = n;
		}
	}), u.__H = void 0, t && a$1.__e(t, u.__v));
};
var k = "function" == typeof requestAnimationFrame;
function z(n) {
	var t, r = function() {
		clearTimeout(u), k && cancelAnimationFrame(t), setTimeout(n);
	}, u = setTimeout(r, 35);
	k && (t = requestAnimationFrame(r));
}
function B(n) {
	1 != n && i == a$1.requestAnimationFrame || ((i = a$1.requestAnimationFrame) || z)(g);
}
function C(n) {
	var t = r, u = n.__c;
	"function" == typeof u && (n.__c = void 0, u()), r = t;
}
function D(n) {
	var t = r;
	n.__c = n.__(), r = t;
}
function E(n, t) {
	return !n || n.length != t.length || t.some(function(t, r) {
		return !o$1(t, n[r]);
	});
}
function G(n, t) {
	return "function" == typeof t ? t(n) : t;
}
// src/router.ts
/** Where the console begins, such as `/console/`. */
function basePath() {
	return new URL(document.baseURI).pathname;
}
function currentAddress() {
	return {
		parts: (location.pathname.startsWith(basePath()) ? location.pathname.slice(basePath().length) : "").split("/").filter((part) => part !== "").map(decode),
		query: new URLSearchParams(location.search)
	};
}
function decode(part) {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
/** Go to a page, given as a path below the console. */
function navigate(path, { replace = false } = {}) {
	const url = new URL(path, document.baseURI);
	if (replace) history.replaceState(null, "", url);
	else history.pushState(null, "", url);
	dispatchEvent(new Event("output:navigate"));
	if (!replace) scrollTo(0, 0);
}
function useAddress() {
	const [address, setAddress] = d(currentAddress);
	A(() => {
		const update = () => setAddress(currentAddress());
		addEventListener("popstate", update);
		addEventListener("output:navigate", update);
		return () => {
			removeEventListener("popstate", update);
			removeEventListener("output:navigate", update);
		};
	}, []);
	return address;
}
/** Let links of the console be followed without loading it anew; those that are opened elsewhere are left alone. */
function followLinks() {
	document.addEventListener("click", (event) => {
		if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		const link = event.target instanceof Element ? event.target.closest("a") : null;
		if (link === null || link.target !== "" || link.hasAttribute("download")) return;
		const url = new URL(link.href);
		if (url.origin !== location.origin || !url.pathname.startsWith(basePath())) return;
		event.preventDefault();
		navigate(link.href);
	});
}
// src/json/digits.ts
var exact = JSON;
var NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Whether this browser can keep all digits; without it, long numbers are rounded and the page says so. */
var keepsDigits = typeof exact.rawJSON === "function";
/** The value of a JSON text. Throws SyntaxError. */
function parseJson(text) {
	return exact.parse(text, (_key, value, context) => {
		if (typeof value !== "number" || context === void 0 || exact.rawJSON === void 0) return value;
		return String(value) === context.source ? value : exact.rawJSON(context.source);
	});
}
/** JSON text of a value, indented by two spaces unless `compact`. */
function writeJson(value, style = "indented") {
	if (value === void 0) return "";
	return JSON.stringify(value, null, style === "compact" ? void 0 : 2);
}
/** A typed-in number, or undefined when the text is none as JSON has it. */
function readNumber(text) {
	const trimmed = text.trim();
	if (!NUMBER.test(trimmed)) return void 0;
	const value = Number(trimmed);
	if (String(value) === trimmed) return value;
	if (exact.rawJSON !== void 0) return exact.rawJSON(trimmed);
	return Number.isFinite(value) ? value : void 0;
}
function isNumber(value) {
	return typeof value === "number" || isRawNumber(value);
}
function isRawNumber(value) {
	return exact.isRawJSON?.(value) ?? false;
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}
/** The digits of a number as they are sent. */
function numberText(value) {
	return typeof value === "number" ? JSON.stringify(value) : value.rawJSON;
}
/** Whether two values say the same; keys may come in another order. */
function sameJson(a, b) {
	if (a === b) return true;
	if (isNumber(a) && isNumber(b)) return numberText(a) === numberText(b);
	if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
	if (!isObject(a) || !isObject(b)) return false;
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}
// src/api/client.ts
/** An answer that is none of success: what the server said, or that it said nothing. */
var ApiError = class ApiError extends Error {
	status;
	type;
	issues;
	workflowId;
	runId;
	constructor(status, body, fallback) {
		const facts = isObject(body) ? body : {};
		super(typeof facts.message === "string" ? facts.message : fallback);
		this.status = status;
		this.type = typeof facts.error === "string" ? facts.error : "";
		this.issues = Array.isArray(facts.issues) ? facts.issues : [];
		this.workflowId = typeof facts.workflowId === "string" ? facts.workflowId : void 0;
		this.runId = typeof facts.runId === "string" ? facts.runId : void 0;
	}
	/** Whatever was thrown, as an error that pages can show. */
	static of(failure) {
		return failure instanceof ApiError ? failure : new ApiError(0, void 0, String(failure));
	}
};
/** Told to the window when the server wants to know who asks. */
var SIGNED_OUT = "output:signed-out";
/** Where the API begins: one level above the console. */
function apiRoot() {
	return new URL("../", document.baseURI);
}
async function ask(method, path, body) {
	const headers = { accept: "application/json" };
	if (method !== "GET") headers["x-output-console"] = "1";
	if (body !== void 0) headers["content-type"] = "application/json";
	const init = {
		method,
		headers,
		credentials: "same-origin"
	};
	if (body !== void 0) init.body = writeJson(body, "compact");
	let response;
	try {
		response = await fetch(new URL(path.replace(/^\//, ""), apiRoot()), init);
	} catch {
		throw new ApiError(0, void 0, "The server does not answer.");
	}
	const text = await response.text();
	const read = text === "" ? void 0 : readJson$1(text);
	if (response.status === 401) dispatchEvent(new Event(SIGNED_OUT));
	if (!response.ok) throw new ApiError(response.status, read, `The server answered ${response.status}.`);
	return read;
}
function readJson$1(text) {
	try {
		return parseJson(text);
	} catch {
		return;
	}
}
// src/api/session.ts
function needsLogin() {
	return document.documentElement.dataset.mode === "production";
}
function readSession() {
	return ask("GET", "console/session");
}
async function login(token) {
	await ask("POST", "console/session", { token });
}
async function logout() {
	await ask("DELETE", "console/session");
}
// src/json/pointer.ts
function pointerOf(path) {
	return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
function parsePointer(pointer) {
	if (pointer === "") return [];
	return pointer.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
/** What stands at a place, undefined where nothing does. */
function valueAt(value, path) {
	let found = value;
	for (const part of path) if (Array.isArray(found)) found = found[Number(part)];
	else if (isObject(found) && Object.hasOwn(found, String(part))) found = found[String(part)];
	else return void 0;
	return found;
}
/** A copy of an object with one member set, or without it where the value is undefined; the order of keys is kept. */
function withMember(object, key, value) {
	const members = Object.entries(object).filter(([name]) => value !== void 0 || name !== key);
	if (value === void 0) return Object.fromEntries(members);
	const at = members.findIndex(([name]) => name === key);
	if (at < 0) members.push([key, value]);
	else members[at] = [key, value];
	return Object.fromEntries(members);
}
// src/json/diff.ts
var MAX_ALIGNED = 400;
/** All changes from one value to the other; items of lists are aligned, so that one that was put in is one change. */
function diffJson(before, after, path = []) {
	if (sameJson(before, after)) return [];
	if (before === void 0) return [change("added", path, before, after)];
	if (after === void 0) return [change("removed", path, before, after)];
	if (isObject(before) && isObject(after)) return diffMembers(before, after, path);
	if (Array.isArray(before) && Array.isArray(after)) return diffItems(before, after, path);
	return [change("changed", path, before, after)];
}
function change(kind, path, before, after) {
	return {
		kind,
		path,
		pointer: pointerOf(path),
		before,
		after
	};
}
function diffMembers(before, after, path) {
	return [.../* @__PURE__ */ new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => diffJson(own(before, key), own(after, key), [...path, key]));
}
function own(object, key) {
	return Object.hasOwn(object, key) ? object[key] : void 0;
}
function diffItems(before, after, path) {
	let head = 0;
	while (head < before.length && head < after.length && sameJson(before[head], after[head])) head += 1;
	let tail = 0;
	const shorter = Math.min(before.length, after.length) - head;
	while (tail < shorter && sameJson(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
	const old = before.slice(head, before.length - tail);
	const now = after.slice(head, after.length - tail);
	return gaps(old, now, old.length * now.length > MAX_ALIGNED * MAX_ALIGNED ? [] : commonItems(old, now)).flatMap((gap) => diffGap(old, now, gap, head, path));
}
/** The stretches between items that both have. */
function gaps(old, now, kept) {
	const found = [];
	let [a, b] = [0, 0];
	for (const [x, y] of [...kept, [old.length, now.length]]) {
		if (x > a || y > b) found.push({
			old: [a, x],
			now: [b, y]
		});
		[a, b] = [x + 1, y + 1];
	}
	return found;
}
/** Items that stand at the same place of a gap have changed; the others were added or removed. */
function diffGap(old, now, gap, offset, path) {
	const changes = [];
	const removed = gap.old[1] - gap.old[0];
	const added = gap.now[1] - gap.now[0];
	for (let at = 0; at < Math.max(removed, added); at += 1) {
		const before = at < removed ? old[gap.old[0] + at] : void 0;
		const after = at < added ? now[gap.now[0] + at] : void 0;
		const index = offset + (after === void 0 ? gap.old[0] : gap.now[0]) + at;
		changes.push(...diffJson(before, after, [...path, index]));
	}
	return changes;
}
/** The longest row of items that both lists have in the same order, as pairs of places. */
function commonItems(old, now) {
	const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
	const length = (a, b) => lengths[a]?.[b] ?? 0;
	for (let a = old.length - 1; a >= 0; a -= 1) {
		const row = lengths[a];
		for (let b = now.length - 1; b >= 0; b -= 1) row[b] = sameJson(old[a], now[b]) ? length(a + 1, b + 1) + 1 : Math.max(length(a + 1, b), length(a, b + 1));
	}
	const pairs = [];
	for (let a = 0, b = 0; a < old.length && b < now.length;) if (sameJson(old[a], now[b])) pairs.push([a++, b++]);
	else if (length(a + 1, b) >= length(a, b + 1)) a += 1;
	else b += 1;
	return pairs;
}
// src/parts/time.ts
/** How long something took, with its unit: `12 ms`, `3.4 s`, `2 min 5 s`, `3 h 10 min`. */
function took(milliseconds) {
	if (milliseconds < 1e3) return `${Math.round(milliseconds)} ms`;
	const seconds = milliseconds / 1e3;
	if (seconds < 60) return `${seconds.toFixed(1)} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
// src/story/steps.ts
/** A step's name as its author wrote it: what follows `#`. */
function stepName(node) {
	return node.name.slice(node.name.lastIndexOf("#") + 1);
}
/** What the run itself called, in the order in which it was begun. */
function stepsOf(root) {
	return (root.children ?? []).filter((node) => node.name.includes("#")).sort((a, b) => a.startedAt - b.startedAt);
}
/** One point for each name of a step that has completed, earliest first. */
function resetPoints(root) {
	const steps = stepsOf(root);
	const last = /* @__PURE__ */ new Map();
	for (const step of steps) {
		if (step.endedAt == null || step.error != null) continue;
		const known = last.get(stepName(step));
		if (known === void 0 || (known.endedAt ?? 0) <= step.endedAt) last.set(stepName(step), step);
	}
	return [...last].map(([name, node]) => {
		const isKept = (step) => step === node || (step.endedAt ?? Number.POSITIVE_INFINITY) <= (node.endedAt ?? 0);
		return {
			name,
			node,
			keeps: steps.filter(isKept),
			redoes: steps.filter((step) => !isKept(step))
		};
	}).sort((a, b) => (a.node.endedAt ?? 0) - (b.node.endedAt ?? 0));
}
/** `look_up × 3`, `send`: names in order, each with how often. */
function counted(nodes) {
	const times = /* @__PURE__ */ new Map();
	for (const node of nodes) times.set(stepName(node), (times.get(stepName(node)) ?? 0) + 1);
	return [...times].map(([name, count]) => count === 1 ? name : `${name} × ${count.toLocaleString("en")}`);
}
/** Steps of two runs side by side, by name and occurrence, in the order of the first run; what only the second has follows its neighbour. */
function alignSteps(a, b) {
	const left = numbered(stepsOf(a));
	const right = numbered(stepsOf(b));
	const others = new Map(right.map((each) => [each.key, each.node]));
	const pairs = left.map(({ key, name, occurrence, node }) => ({
		key,
		name,
		occurrence,
		a: node,
		b: others.get(key)
	}));
	const known = new Set(left.map((each) => each.key));
	let at = 0;
	for (const { key, name, occurrence, node } of right) if (known.has(key)) at = pairs.findIndex((pair) => pair.key === key) + 1;
	else {
		pairs.splice(at, 0, {
			key,
			name,
			occurrence,
			a: void 0,
			b: node
		});
		at += 1;
	}
	return pairs.map(({ name, occurrence, a: one, b: other }) => ({
		name,
		occurrence,
		a: one,
		b: other
	}));
}
function numbered(steps) {
	const times = /* @__PURE__ */ new Map();
	return steps.map((node) => {
		const name = stepName(node);
		const occurrence = (times.get(name) ?? 0) + 1;
		times.set(name, occurrence);
		return {
			key: `${name} ${occurrence}`,
			name,
			occurrence,
			node
		};
	});
}
// src/pages/catalog.ts
/** What a question answers; asked anew when its key changes. */
function useLoaded(key, load) {
	const [found, setFound] = d({
		key,
		loaded: { state: "loading" }
	});
	A(() => {
		let isCurrent = true;
		const tell = (loaded) => isCurrent && setFound({
			key,
			loaded
		});
		tell({ state: "loading" });
		load().then((value) => tell({
			state: "ready",
			value
		}), (error) => tell({
			state: "failed",
			error: ApiError.of(error)
		}));
		return () => {
			isCurrent = false;
		};
	}, [key]);
	return found.key === key ? found.loaded : { state: "loading" };
}
async function readCatalog() {
	const { workflows } = await ask("GET", "workflow/catalog");
	return workflows;
}
/** The entry of a name or an alias. */
async function readWorkflow(name) {
	const found = (await readCatalog()).find((entry) => entry.name === name || entry.aliases.includes(name));
	if (found === void 0) throw new ApiError(404, { message: `The catalog has no workflow “${name}”.` }, "");
	return found;
}
async function readLastRuns(workflow, limit) {
	return (await ask("GET", `workflow/runs?${new URLSearchParams({
		workflowType: workflow,
		limit: String(limit)
	})}`)).runs;
}
function runPath(workflowId, runId) {
	return runId === void 0 ? `workflow/${encodeURIComponent(workflowId)}` : `workflow/${encodeURIComponent(workflowId)}/runs/${runId}`;
}
/** Where in the console a run is. */
function runHref(workflowId, runId) {
	return runId === void 0 ? `runs/${encodeURIComponent(workflowId)}` : `runs/${encodeURIComponent(workflowId)}/${runId}`;
}
/** The first paragraph of a description. */
function summaryOf(description) {
	return (description ?? "").split(/\n\s*\n/)[0]?.trim() ?? "";
}
// node_modules/preact/jsx-runtime/dist/jsxRuntime.mjs
var f = Symbol.for("pv");
var o = 0;
Array.isArray;
function a(t, e, n$1, u, a, i) {
	e || (e = {});
	var c, l, p = e;
	if ("ref" in p && "function" != typeof t) for (l in p = {}, e) "ref" == l ? c = e[l] : p[l] = e[l];
	var s = {
		type: t,
		props: p,
		key: n$1,
		ref: c,
		__k: null,
		__: null,
		__b: 0,
		__e: null,
		__c: null,
		constructor: f,
		__v: --o,
		__i: -1,
		__u: 0
	};
	return (a || i) && (s.__source = a, s.__self = i), n.vnode && n.vnode(s), s;
}
// src/pages/states.tsx
function Loading({ what }) {
	return /* @__PURE__ */ a("p", {
		class: "loading muted",
		role: "status",
		children: [
			"Reading ",
			what,
			"…"
		]
	});
}
function Failed({ error, what }) {
	return /* @__PURE__ */ a("div", {
		class: "banner is-bad",
		role: "alert",
		children: [
			/* @__PURE__ */ a("strong", { children: [what, "."] }),
			" ",
			/* @__PURE__ */ a("span", { children: error.message }),
			error.status === 503 && /* @__PURE__ */ a("span", {
				class: "muted",
				children: " Start a worker, or wait until it has published its catalog."
			})
		]
	});
}
/** A page whose subject could not be read. */
function FailedPage({ error, title }) {
	return /* @__PURE__ */ a("section", {
		class: "page",
		"aria-labelledby": "page-title",
		children: [/* @__PURE__ */ a("h1", {
			id: "page-title",
			children: title
		}), /* @__PURE__ */ a(Failed, {
			error,
			what: "This could not be read"
		})]
	});
}
var WORDS = {
	timed_out: "timed out",
	continued_as_new: "continued"
};
function StatusWord({ status }) {
	return /* @__PURE__ */ a("span", {
		class: `state state-${status}`,
		children: WORDS[status] ?? status
	});
}
var UNITS = [
	["day", 86400],
	["hour", 3600],
	["minute", 60],
	["second", 1]
];
/** How long ago, with the exact moment behind it. */
function Ago({ moment }) {
	const seconds = (Date.parse(moment) - Date.now()) / 1e3;
	const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
	const text = new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
	return /* @__PURE__ */ a("time", {
		dateTime: moment,
		title: `${new Date(moment).toLocaleString()} · ${moment}`,
		children: text
	});
}
// src/pages/compare.tsx
/** A run in an address: its workflow's ID, and after a slash its own. */
function compareHref(workflowId, runId) {
	return `compare?${new URLSearchParams({ a: `${workflowId}/${runId}` })}`;
}
var RUN_ID = /^(.+)\/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;
function pathOf(name) {
	const found = RUN_ID.exec(name);
	return {
		workflowId: found?.[1] ?? name,
		runId: found?.[2]
	};
}
function ComparePage({ query }) {
	const [a$3, b] = [query.get("a") ?? "", query.get("b") ?? ""];
	return /* @__PURE__ */ a("section", {
		class: "page compare-page",
		"aria-labelledby": "page-title",
		children: [
			/* @__PURE__ */ a("header", {
				class: "page-head",
				children: /* @__PURE__ */ a("h1", {
					id: "page-title",
					children: "Compare two runs"
				})
			}),
			/* @__PURE__ */ a(Picker, {
				a: a$3,
				b
			}, `${a$3} ${b}`),
			a$3 !== "" && b !== "" && /* @__PURE__ */ a(Comparison, {
				a: a$3,
				b
			})
		]
	});
}
function Picker({ a: a$4, b }) {
	const [first, setFirst] = d(a$4);
	const [second, setSecond] = d(b);
	return /* @__PURE__ */ a("form", {
		class: "picker",
		onSubmit: (event) => {
			event.preventDefault();
			navigate(`compare?${new URLSearchParams({
				a: first.trim(),
				b: second.trim()
			})}`);
		},
		children: [
			/* @__PURE__ */ a(RunInput, {
				letter: "A",
				value: first,
				onValue: setFirst
			}),
			/* @__PURE__ */ a(RunInput, {
				letter: "B",
				value: second,
				onValue: setSecond
			}),
			/* @__PURE__ */ a("button", {
				type: "submit",
				class: "button primary",
				children: "Compare"
			})
		]
	});
}
function RunInput({ letter, value, onValue }) {
	return /* @__PURE__ */ a("label", { children: [letter, /* @__PURE__ */ a("input", {
		class: "input mono",
		required: true,
		placeholder: "workflow ID, or workflow ID/run ID",
		value,
		onInput: (event) => onValue(event.currentTarget.value)
	})] });
}
async function readSide(name) {
	const { workflowId, runId } = pathOf(name);
	const status = await ask("GET", `${runPath(workflowId, runId)}/status`);
	const pinned = runPath(workflowId, status.runId);
	const [{ input }, result, steps] = await Promise.all([
		ask("GET", `${pinned}/input`),
		status.status === "running" ? void 0 : ask("GET", `${pinned}/result`),
		ask("GET", `${pinned}/trace-log?values=none&partial=true`).then(({ data }) => data, () => void 0)
	]);
	const error = result?.error == null ? void 0 : `${result.error.name}: ${result.error.message}`;
	return {
		status,
		input,
		output: result?.output,
		error,
		steps
	};
}
function Comparison({ a: a$5, b }) {
	const loaded = useLoaded(`compare:${a$5} ${b}`, () => Promise.all([readSide(a$5), readSide(b)]));
	if (loaded.state === "loading") return /* @__PURE__ */ a(Loading, { what: "both runs" });
	if (loaded.state === "failed") return /* @__PURE__ */ a(Failed, {
		error: loaded.error,
		what: "One of the runs could not be read"
	});
	const [one, other] = loaded.value;
	return /* @__PURE__ */ a($, { children: [
		/* @__PURE__ */ a("table", {
			class: "table part",
			children: [/* @__PURE__ */ a("thead", { children: /* @__PURE__ */ a("tr", { children: [
				/* @__PURE__ */ a("td", {}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Run"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Status"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Started"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					class: "number",
					children: "Took"
				})
			] }) }), /* @__PURE__ */ a("tbody", { children: [/* @__PURE__ */ a(SideRow, {
				letter: "A",
				side: one
			}), /* @__PURE__ */ a(SideRow, {
				letter: "B",
				side: other
			})] })]
		}),
		/* @__PURE__ */ a(Changes, {
			title: "Input",
			a: one.input,
			b: other.input
		}),
		/* @__PURE__ */ a(Changes, {
			title: "Output",
			a: one.output,
			b: other.output
		}),
		one.steps !== void 0 && other.steps !== void 0 && /* @__PURE__ */ a(Steps$1, {
			a: one.steps,
			b: other.steps
		})
	] });
}
function SideRow({ letter, side }) {
	const { workflowId, runId, status, startedAt, completedAt } = side.status;
	return /* @__PURE__ */ a("tr", { children: [
		/* @__PURE__ */ a("th", {
			scope: "row",
			children: letter
		}),
		/* @__PURE__ */ a("td", { children: [/* @__PURE__ */ a("a", {
			class: "mono",
			href: runHref(workflowId, runId),
			children: workflowId
		}), side.error !== void 0 && /* @__PURE__ */ a("p", {
			class: "fault",
			children: side.error
		})] }),
		/* @__PURE__ */ a("td", { children: /* @__PURE__ */ a(StatusWord, { status }) }),
		/* @__PURE__ */ a("td", {
			class: "muted",
			children: /* @__PURE__ */ a(Ago, { moment: new Date(startedAt).toISOString() })
		}),
		/* @__PURE__ */ a("td", {
			class: "number",
			children: completedAt == null ? "still running" : took(completedAt - startedAt)
		})
	] });
}
var MOST$2 = 200;
var LONGEST = 300;
function Changes({ title, a: a$6, b }) {
	const changes = diffJson(a$6, b);
	return /* @__PURE__ */ a("section", {
		class: "part",
		children: [
			/* @__PURE__ */ a("h2", { children: [
				title,
				" ",
				changes.length > 0 && /* @__PURE__ */ a("span", {
					class: "count",
					children: changes.length
				})
			] }),
			changes.length === 0 && /* @__PURE__ */ a("p", {
				class: "muted",
				children: a$6 === void 0 ? "Neither has one." : "The same."
			}),
			changes.length > 0 && /* @__PURE__ */ a("div", {
				class: "table-scroll",
				tabIndex: 0,
				role: "region",
				"aria-label": `${title}: differences`,
				children: [/* @__PURE__ */ a("table", {
					class: "table",
					children: [/* @__PURE__ */ a("thead", { children: /* @__PURE__ */ a("tr", { children: [
						/* @__PURE__ */ a("th", {
							scope: "col",
							children: "Place"
						}),
						/* @__PURE__ */ a("th", {
							scope: "col",
							children: "A"
						}),
						/* @__PURE__ */ a("th", {
							scope: "col",
							children: "B"
						})
					] }) }), /* @__PURE__ */ a("tbody", { children: changes.slice(0, MOST$2).map((change) => /* @__PURE__ */ a("tr", { children: [
						/* @__PURE__ */ a("th", {
							scope: "row",
							class: "mono",
							children: change.pointer === "" ? "all of it" : change.pointer
						}),
						/* @__PURE__ */ a("td", {
							class: "mono",
							children: short(change.before)
						}),
						/* @__PURE__ */ a("td", {
							class: "mono",
							children: short(change.after)
						})
					] }, change.pointer)) })]
				}), changes.length > MOST$2 && /* @__PURE__ */ a("p", {
					class: "muted",
					children: [
						"and ",
						(changes.length - MOST$2).toLocaleString("en"),
						" more"
					]
				})]
			})
		]
	});
}
function short(value) {
	if (value === void 0) return "–";
	const text = writeJson(value, "compact");
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
function Steps$1({ a: a$7, b }) {
	const pairs = alignSteps(a$7, b);
	const first = pairs.findIndex(isDifferent);
	return /* @__PURE__ */ a("section", {
		class: "part",
		children: [/* @__PURE__ */ a("h2", { children: ["Steps ", /* @__PURE__ */ a("span", {
			class: "count",
			children: pairs.length.toLocaleString("en")
		})] }), pairs.length === 0 ? /* @__PURE__ */ a("p", {
			class: "muted",
			children: "Neither has called a step."
		}) : /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("p", {
			class: "muted",
			children: first === -1 ? "Both did the same steps." : `They first differ at ${nameOf(pairs[first])}.`
		}), /* @__PURE__ */ a("div", {
			class: "table-scroll",
			tabIndex: 0,
			role: "region",
			"aria-label": "Steps of both runs",
			children: /* @__PURE__ */ a("table", {
				class: "table",
				children: [/* @__PURE__ */ a("thead", { children: /* @__PURE__ */ a("tr", { children: [
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: "Step"
					}),
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: "A"
					}),
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: "B"
					}),
					/* @__PURE__ */ a("th", {
						scope: "col",
						class: "number",
						children: "Difference"
					})
				] }) }), /* @__PURE__ */ a("tbody", { children: pairs.slice(0, 400).map((pair, index) => /* @__PURE__ */ a("tr", {
					class: index === first ? "is-different" : "",
					children: [
						/* @__PURE__ */ a("th", {
							scope: "row",
							class: "mono",
							children: nameOf(pair)
						}),
						/* @__PURE__ */ a("td", { children: stateOf$1(pair.a) }),
						/* @__PURE__ */ a("td", { children: stateOf$1(pair.b) }),
						/* @__PURE__ */ a("td", {
							class: "number",
							children: delta(pair)
						})
					]
				}, nameOf(pair))) })]
			})
		})] })]
	});
}
function nameOf(pair) {
	return pair.occurrence === 1 ? pair.name : `${pair.name} (${pair.occurrence})`;
}
function isDifferent(pair) {
	return pair.a === void 0 || pair.b === void 0 || pair.a.error == null !== (pair.b.error == null) || pair.a.endedAt == null !== (pair.b.endedAt == null);
}
function stateOf$1(node) {
	if (node === void 0) return /* @__PURE__ */ a("span", {
		class: "muted",
		children: "–"
	});
	if (node.endedAt == null) return /* @__PURE__ */ a(StatusWord, { status: "running" });
	return /* @__PURE__ */ a($, { children: [
		/* @__PURE__ */ a(StatusWord, { status: node.error == null ? "completed" : "failed" }),
		" ",
		/* @__PURE__ */ a("span", {
			class: "muted",
			children: took(node.endedAt - node.startedAt)
		})
	] });
}
function delta({ a, b }) {
	if (a?.endedAt == null || b?.endedAt == null) return "";
	const difference = b.endedAt - b.startedAt - (a.endedAt - a.startedAt);
	return difference === 0 ? "0 ms" : `${difference > 0 ? "+" : "−"}${took(Math.abs(difference))}`;
}
// src/pages/rounds.ts
function useRound(every) {
	const [count, setCount] = d(0);
	const [kept] = d({ value: void 0 });
	const next = () => setCount((each) => each + 1);
	A(() => {
		const timer = setInterval(() => document.visibilityState === "visible" && next(), every);
		return () => clearInterval(timer);
	}, [every]);
	return {
		count,
		next,
		keep: (loaded) => {
			if (loaded.state === "ready") kept.value = loaded.value;
			return kept.value;
		}
	};
}
// src/pages/home.tsx
var DAY$1 = 864e5;
var MOST$1 = 1e3;
function HomePage() {
	const round = useRound(1e4);
	const loaded = useLoaded(`home:${round.count}`, readOverview);
	const shown = round.keep(loaded);
	return /* @__PURE__ */ a("section", {
		class: "page home",
		"aria-labelledby": "page-title",
		children: [
			/* @__PURE__ */ a("header", {
				class: "page-head",
				children: /* @__PURE__ */ a("h1", {
					id: "page-title",
					children: "The last 24 hours"
				})
			}),
			loaded.state === "failed" && /* @__PURE__ */ a(Failed, {
				error: loaded.error,
				what: "This could not be read"
			}),
			shown === void 0 && loaded.state === "loading" && /* @__PURE__ */ a(Loading, { what: "runs" }),
			shown !== void 0 && /* @__PURE__ */ a(Board, { overview: shown })
		]
	});
}
async function readOverview() {
	const since = (/* @__PURE__ */ new Date(Math.floor((Date.now() - DAY$1) / 6e4) * 6e4)).toISOString();
	const [running, completed, failed, waits, workflows] = await Promise.all([
		readRuns({
			status: "running",
			problems: "true",
			limit: "200"
		}),
		ask("GET", `workflow/runs/count?${new URLSearchParams({
			status: "completed",
			startedAfter: since
		})}`),
		readRuns({
			status: "failed",
			startedAfter: since,
			limit: String(MOST$1)
		}),
		ask("GET", "workflow/waits").then((found) => found.length, () => void 0),
		readCatalog().then((found) => found.length, () => void 0)
	]);
	return {
		since,
		running,
		completed: completed.count,
		failed,
		waits,
		workflows
	};
}
async function readRuns(filters) {
	const page = await ask("GET", `workflow/runs?${new URLSearchParams(filters)}`);
	return {
		runs: page.runs,
		isMore: page.nextPageToken !== null
	};
}
function Board({ overview: { since, running, completed, failed, waits, workflows } }) {
	const stuck = running.runs.filter((run) => run.problem != null && run.problem.kind !== "near_limit");
	const isEmpty = running.runs.length + completed + failed.runs.length === 0;
	const after = encodeURIComponent(since);
	return /* @__PURE__ */ a($, { children: [
		workflows === void 0 && /* @__PURE__ */ a("p", {
			class: "banner is-bad",
			role: "status",
			children: [/* @__PURE__ */ a("strong", { children: "No worker has published its workflows." }), " What is started waits until one runs."]
		}),
		/* @__PURE__ */ a("div", {
			class: "tiles",
			children: [
				/* @__PURE__ */ a(Tile, {
					name: "running now",
					href: "runs?status=running",
					count: running.runs.length,
					isMore: running.isMore
				}),
				/* @__PURE__ */ a(Tile, {
					name: "stuck now",
					href: "#stuck",
					count: stuck.length,
					isMore: running.isMore && stuck.length > 0,
					isAlarm: stuck.length > 0
				}),
				/* @__PURE__ */ a(Tile, {
					name: "failed",
					href: `runs?status=failed&startedAfter=${after}`,
					count: failed.runs.length,
					isMore: failed.isMore,
					isAlarm: failed.runs.length > 0
				}),
				/* @__PURE__ */ a(Tile, {
					name: "completed",
					href: `runs?status=completed&startedAfter=${after}`,
					count: completed
				}),
				waits !== void 0 && /* @__PURE__ */ a("a", {
					class: "tile",
					href: "inbox",
					children: [/* @__PURE__ */ a("strong", { children: waits }), /* @__PURE__ */ a("span", {
						class: "muted",
						children: "waiting for a person"
					})]
				})
			]
		}),
		isEmpty && /* @__PURE__ */ a(FirstSteps, {}),
		stuck.length > 0 && /* @__PURE__ */ a("section", {
			class: "part",
			id: "stuck",
			children: [/* @__PURE__ */ a("h2", { children: "Stuck now" }), /* @__PURE__ */ a("ul", {
				class: "plain-list",
				children: stuck.slice(0, 20).map((run) => /* @__PURE__ */ a("li", { children: [
					/* @__PURE__ */ a("a", {
						class: "mono",
						href: runHref(run.workflowId, run.runId),
						children: run.workflowId
					}),
					/* @__PURE__ */ a("span", {
						class: "muted",
						children: [
							run.workflowType,
							" · ",
							/* @__PURE__ */ a(Ago, { moment: run.startedAt })
						]
					}),
					/* @__PURE__ */ a("span", {
						class: "problem",
						children: [run.problem?.step != null && /* @__PURE__ */ a("span", {
							class: "mono",
							children: [run.problem.step, ": "]
						}), run.problem?.message]
					})
				] }, run.runId))
			})]
		}),
		failed.runs.length > 0 && /* @__PURE__ */ a(Failing, {
			runs: failed.runs,
			after
		})
	] });
}
function Tile({ name, href, count, isMore = false, isAlarm = false }) {
	const address = href.startsWith("#") ? `${location.pathname}${href}` : href;
	return /* @__PURE__ */ a("a", {
		class: `tile${isAlarm ? " is-alarm" : ""}`,
		href: count === 0 && href.startsWith("#") ? "runs?status=running" : address,
		children: [/* @__PURE__ */ a("strong", { children: [count.toLocaleString("en"), isMore && "+"] }), /* @__PURE__ */ a("span", {
			class: "muted",
			children: name
		})]
	});
}
/** Workflows whose runs failed, most first. */
function Failing({ runs, after }) {
	const byType = /* @__PURE__ */ new Map();
	for (const run of runs) byType.set(run.workflowType, [...byType.get(run.workflowType) ?? [], run]);
	const sorted = [...byType].sort(([, a], [, b]) => b.length - a.length).slice(0, 10);
	return /* @__PURE__ */ a("section", {
		class: "part",
		children: [/* @__PURE__ */ a("h2", { children: "Failed in the last 24 hours" }), /* @__PURE__ */ a("ul", {
			class: "plain-list",
			children: sorted.map(([type, failed]) => {
				const last = failed.reduce((a, b) => a.startedAt > b.startedAt ? a : b);
				return /* @__PURE__ */ a("li", { children: [/* @__PURE__ */ a("a", {
					href: `runs?status=failed&workflowType=${encodeURIComponent(type)}&startedAfter=${after}`,
					children: [
						type,
						" ",
						/* @__PURE__ */ a("span", {
							class: "count",
							children: failed.length
						})
					]
				}), /* @__PURE__ */ a("span", {
					class: "muted",
					children: [
						"last: ",
						/* @__PURE__ */ a("a", {
							href: runHref(last.workflowId, last.runId),
							children: last.workflowId
						}),
						", ",
						/* @__PURE__ */ a(Ago, { moment: last.startedAt })
					]
				})] }, type);
			})
		})]
	});
}
function FirstSteps() {
	return /* @__PURE__ */ a("section", {
		class: "part",
		children: [
			/* @__PURE__ */ a("h2", { children: "Nothing has run yet" }),
			/* @__PURE__ */ a("p", { children: /* @__PURE__ */ a("a", {
				class: "button primary",
				href: "workflows",
				children: "Start a workflow"
			}) }),
			/* @__PURE__ */ a("p", { children: "Or from a terminal:" }),
			/* @__PURE__ */ a("dl", {
				class: "commands",
				children: [
					/* @__PURE__ */ a("dt", { children: /* @__PURE__ */ a("code", { children: "output workflow list" }) }),
					/* @__PURE__ */ a("dd", { children: "what there is" }),
					/* @__PURE__ */ a("dt", { children: /* @__PURE__ */ a("code", { children: "output workflow run NAME --input FILE" }) }),
					/* @__PURE__ */ a("dd", { children: "start one and wait for it" }),
					/* @__PURE__ */ a("dt", { children: /* @__PURE__ */ a("code", { children: "output workflow runs list" }) }),
					/* @__PURE__ */ a("dd", { children: "what has run" })
				]
			})
		]
	});
}
// src/forms/keywords.ts
var NO_KEYWORDS = {};
/** The keywords of a part, with those behind its reference; what stands beside a `$ref` goes first. */
function keywordsOf(place) {
	let found = isObject(place.schema) ? place.schema : NO_KEYWORDS;
	const seen = /* @__PURE__ */ new Set();
	while (typeof found.$ref === "string" && !seen.has(found.$ref)) {
		seen.add(found.$ref);
		const target = referred(place.root, found.$ref);
		if (target === void 0) break;
		const { $ref: _, ...beside } = found;
		found = {
			...target,
			...beside
		};
	}
	return Array.isArray(found.allOf) ? merged(found, found.allOf, place.root) : found;
}
function referred(root, reference) {
	if (!reference.startsWith("#") || !isObject(root)) return void 0;
	let found = root;
	for (const part of reference.split("/").slice(1)) {
		const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
		if (!isObject(found) || !Object.hasOwn(found, key)) return void 0;
		found = found[key];
	}
	return isObject(found) ? found : void 0;
}
function merged(own, parts, root) {
	let all = {};
	for (const part of [...parts.map((schema) => keywordsOf({
		schema,
		root
	})), {
		...own,
		allOf: null
	}]) {
		const properties = {
			...isObject(all.properties) ? all.properties : {},
			...isObject(part.properties) ? part.properties : {}
		};
		const required = [...listOf(all.required), ...listOf(part.required)];
		all = {
			...all,
			...part,
			...Object.keys(properties).length > 0 ? { properties } : {},
			...required.length > 0 ? { required } : {}
		};
	}
	if (own.anyOf === void 0 && isObject(all.properties)) {
		const { anyOf: _, ...rest } = all;
		return rest;
	}
	return all;
}
var BOUNDS = {
	minimum: "≥",
	exclusiveMinimum: ">",
	maximum: "≤",
	exclusiveMaximum: "<",
	multipleOf: "multiple of"
};
/** What bounds a number, in signs. */
function boundsOf(keywords) {
	return Object.entries(BOUNDS).filter(([word]) => isNumber(keywords[word])).map(([word, sign]) => `${sign} ${numberText(keywords[word])}`).join(", ");
}
function isReference(place) {
	return isObject(place.schema) && "$ref" in place.schema;
}
function lastPart(reference) {
	return reference.slice(reference.lastIndexOf("/") + 1);
}
function textOf$1(value) {
	return typeof value === "string" && value !== "" ? value : void 0;
}
function countOf(value) {
	return isNumber(value) ? Number(numberText(value)) : void 0;
}
function listOf(value) {
	return Array.isArray(value) ? value : [];
}
// src/forms/schema.ts
var known = /* @__PURE__ */ new WeakMap();
/** The shape of a part; of the same part always the same object. */
function shapeOf(place) {
	if (typeof place.schema === "boolean" || typeof place.root === "boolean") return makeShape(place);
	let shapes = known.get(place.root);
	if (shapes === void 0) known.set(place.root, shapes = /* @__PURE__ */ new WeakMap());
	let shape = shapes.get(place.schema);
	if (shape === void 0) shapes.set(place.schema, shape = makeShape(place));
	return shape;
}
function makeShape(place) {
	const keywords = keywordsOf(place);
	const own = isObject(place.schema) ? place.schema : NO_KEYWORDS;
	return shapeFrom(keywords, place.root, commonOf(keywords, own));
}
function commonOf(keywords, own) {
	return {
		title: textOf$1("$ref" in own || "anyOf" in own || "oneOf" in own ? own.title : keywords.title),
		description: textOf$1(keywords.description),
		fallback: "default" in keywords ? keywords.default : void 0,
		nullable: false,
		secret: keywords.writeOnly === true || keywords.format === "password",
		deprecated: keywords.deprecated === true,
		examples: listOf(keywords.examples)
	};
}
function shapeFrom(keywords, root, common) {
	if ("const" in keywords) return {
		...common,
		kind: "constant",
		value: keywords.const
	};
	if (Array.isArray(keywords.enum)) return choice(keywords.enum, common);
	for (const word of ["oneOf", "anyOf"]) if (Array.isArray(keywords[word])) return unionShape(keywords, keywords[word], root, common);
	if (Array.isArray(keywords.type)) return unionShape(keywords, keywords.type.map((type) => ({
		...keywords,
		type,
		default: void 0,
		title: void 0
	})), root, common);
	switch (keywords.type) {
		case "string": return textShape(keywords, common);
		case "integer":
		case "number": return {
			...common,
			kind: "number",
			integer: keywords.type === "integer",
			decimal: false,
			bounds: boundsOf(keywords)
		};
		case "boolean":
		case "null": return {
			...common,
			kind: keywords.type
		};
		case "array": return listShape(keywords, root, common);
		case "object": return keywords.maxProperties === 0 ? {
			...common,
			kind: "null"
		} : objectShape(keywords, root, common);
		default: return isObject(keywords.properties) ? objectShape(keywords, root, common) : {
			...common,
			kind: "json"
		};
	}
}
function choice(options, common) {
	const values = options.filter((option) => option !== null);
	const [only] = values;
	if (only !== void 0 && options.length === 1) return {
		...common,
		kind: "constant",
		value: only
	};
	return {
		...common,
		kind: "choice",
		options: values,
		nullable: values.length < options.length
	};
}
function unionShape(keywords, options, root, common) {
	const places = options.map((schema) => ({
		schema,
		root
	}));
	const others = places.filter((place) => keywordsOf(place).type !== "null");
	const nullable = others.length < places.length;
	const [only] = others;
	if (only === void 0) return {
		...common,
		kind: "null"
	};
	if (others.length === 1) {
		const inner = shapeOf(only);
		return {
			...inner,
			nullable: nullable || inner.nullable,
			title: common.title ?? (isReference(only) ? void 0 : inner.title),
			description: common.description ?? inner.description,
			fallback: common.fallback !== void 0 ? common.fallback : inner.fallback,
			secret: common.secret || inner.secret,
			deprecated: common.deprecated || inner.deprecated
		};
	}
	const decimal = decimalShape(others, common, nullable);
	if (decimal !== void 0) return decimal;
	const tag = (isObject(keywords.discriminator) ? textOf$1(keywords.discriminator.propertyName) : void 0) ?? commonTag(others);
	const branches = others.flatMap((place) => branchesOf(place, tag));
	return {
		...common,
		kind: "union",
		nullable,
		tag,
		branches
	};
}
/** Of a union inside a union, its branches: a person chooses once. */
function branchesOf(place, tag) {
	const keywords = keywordsOf(place);
	const inner = keywords.oneOf ?? keywords.anyOf;
	if (Array.isArray(inner)) {
		const shape = shapeOf(place);
		if (shape.kind === "union" && !shape.nullable && (tag === void 0 || shape.tag === tag)) return [...shape.branches];
	}
	const tags = tag === void 0 ? [] : tagsOf(place, tag);
	return [{
		place,
		tags,
		title: branchTitle(place, tags[0])
	}];
}
function tagsOf(place, tag) {
	const properties = keywordsOf(place).properties;
	const schema = isObject(properties) ? properties[tag] : void 0;
	if (!isObject(schema)) return [];
	const keywords = keywordsOf({
		schema,
		root: place.root
	});
	if ("const" in keywords) return [keywords.const];
	return listOf(keywords.enum);
}
/** A property that is another constant in each of the branches: a tag that nobody declared as one. */
function commonTag(places) {
	const properties = keywordsOf(places[0]).properties;
	if (!isObject(properties)) return void 0;
	return Object.keys(properties).find((name) => {
		const tags = places.map((place) => {
			const each = keywordsOf(place).properties;
			const schema = isObject(each) ? each[name] : void 0;
			return isObject(schema) ? keywordsOf({
				schema,
				root: place.root
			}).const : void 0;
		});
		return tags.every((tag, at) => tag !== void 0 && tags.findIndex((other) => sameJson(other, tag)) === at);
	});
}
function branchTitle(place, tag) {
	const title = textOf$1(keywordsOf(place).title);
	if (title !== void 0) return title;
	if (tag !== void 0 && tag !== null) return typeof tag === "string" ? tag : JSON.stringify(tag);
	if (isReference(place)) return lastPart(String(place.schema.$ref));
	return kindWord(shapeOf(place));
}
/** What a value of a shape is called. */
function kindWord(shape) {
	switch (shape.kind) {
		case "text": return shape.secret ? "secret" : shape.format ?? "text";
		case "number": return shape.integer ? "whole number" : shape.decimal ? "decimal" : "number";
		case "boolean": return "yes or no";
		case "list": {
			if (shape.first.length > 0) return "tuple";
			const item = itemWord(shape);
			return item === "" ? "list" : `list of ${item}`;
		}
		case "dict": return "map";
		case "object": return "object";
		case "constant": return typeof shape.value === "string" ? shape.value : JSON.stringify(shape.value);
		case "choice": return "choice";
		case "union": return shape.branches.map((branch) => branch.title).join(" or ");
		case "null": return "nothing";
		case "json": return "any JSON";
	}
}
var PLURALS = {
	"yes or no": "yes or no",
	choice: "choices",
	"any JSON": "any JSON"
};
/** What the items of a list are called, of many. */
function itemWord(shape) {
	if (shape.rest === void 0) return "";
	const inner = shapeOf(shape.rest);
	const title = textOf$1(keywordsOf(shape.rest).title);
	const word = inner.kind === "object" && title !== void 0 ? title : kindWord(inner);
	return PLURALS[word] ?? (word.includes(" or ") || word.startsWith("list of ") ? word : `${word}s`);
}
/**
* `Decimal` is published as a number or a text, and so is `float | str`: typed-in numbers are sent as such where no digit
* is lost, and as text elsewhere.
*/
function decimalShape(places, common, nullable) {
	const [number, text, ...more] = places.map(keywordsOf);
	if (number?.type !== "number" || text?.type !== "string" || more.length > 0) return void 0;
	if ("enum" in text || "const" in text || "format" in text) return void 0;
	return {
		...common,
		kind: "number",
		integer: false,
		decimal: true,
		bounds: boundsOf(number),
		nullable
	};
}
function textShape(keywords, common) {
	return {
		...common,
		kind: "text",
		format: textOf$1(keywords.format) ?? (textOf$1(keywords.contentEncoding) === void 0 ? void 0 : "base64"),
		minLength: countOf(keywords.minLength),
		maxLength: countOf(keywords.maxLength),
		pattern: textOf$1(keywords.pattern)
	};
}
function listShape(keywords, root, common) {
	const first = listOf(keywords.prefixItems).map((schema) => ({
		schema,
		root
	}));
	const most = countOf(keywords.maxItems);
	const open = keywords.items !== false && (most === void 0 || most > first.length);
	return {
		...common,
		kind: "list",
		first,
		rest: open ? {
			schema: keywords.items ?? true,
			root
		} : void 0,
		least: countOf(keywords.minItems) ?? 0,
		most,
		unique: keywords.uniqueItems === true
	};
}
function objectShape(keywords, root, common) {
	const properties = isObject(keywords.properties) ? keywords.properties : {};
	const required = listOf(keywords.required);
	const beyond = keywords.additionalProperties;
	const names = /* @__PURE__ */ new Set([...Object.keys(properties), ...required.filter((name) => typeof name === "string")]);
	if (names.size === 0 && keywords.maxProperties !== 0 && beyond !== false) {
		const [patterns] = isObject(keywords.patternProperties) ? Object.entries(keywords.patternProperties) : [];
		const keys = keywords.propertyNames ?? (patterns === void 0 ? void 0 : {
			type: "string",
			pattern: patterns[0]
		});
		const values = patterns?.[1] ?? beyond ?? true;
		return {
			...common,
			kind: "dict",
			keys: keys === void 0 ? void 0 : {
				schema: keys,
				root
			},
			values: {
				schema: values,
				root
			}
		};
	}
	return {
		...common,
		kind: "object",
		members: [...names].map((name) => ({
			name,
			required: required.includes(name),
			place: {
				schema: Object.hasOwn(properties, name) ? properties[name] : true,
				root
			}
		})),
		others: beyond === void 0 || beyond === false ? void 0 : {
			schema: beyond,
			root
		},
		closed: beyond === false
	};
}
// src/forms/parts.ts
/** The parts of a value, in its own order; none of what does not fit the shape. */
function partsOf$1(shape, value) {
	if (value === void 0) return [];
	switch (shape.kind) {
		case "object":
		case "dict":
			if (!isObject(value)) return [];
			return Object.entries(value).flatMap(([key, member]) => {
				const place = memberPlace(shape, key);
				return place === void 0 ? [] : [{
					key,
					place,
					value: member
				}];
			});
		case "list":
			if (!Array.isArray(value)) return [];
			return value.flatMap((item, at) => {
				const place = itemPlace(shape, at);
				return place === void 0 ? [] : [{
					key: at,
					place,
					value: item
				}];
			});
		case "union": {
			const at = branchOf(shape, value);
			const branch = at === void 0 ? void 0 : shape.branches[at];
			return branch === void 0 ? [] : partsOf$1(shapeOf(branch.place), value);
		}
		default: return [];
	}
}
/** Where in the schema a member or an item belongs; undefined where the schema says nothing of it. */
function placeOf(shape, value, key) {
	switch (shape.kind) {
		case "object":
		case "dict": return memberPlace(shape, key);
		case "list": return /^\d+$/.test(key) ? itemPlace(shape, Number(key)) : void 0;
		case "union": {
			const at = branchOf(shape, value);
			const branch = at === void 0 ? void 0 : shape.branches[at];
			return branch === void 0 ? void 0 : placeOf(shapeOf(branch.place), value, key);
		}
		default: return;
	}
}
function itemPlace(shape, at) {
	return at < shape.first.length ? shape.first[at] : shape.rest;
}
function memberPlace(shape, key) {
	if (shape.kind === "dict") return shape.values;
	if (shape.kind !== "object") return void 0;
	return shape.members.find((member) => member.name === key)?.place ?? shape.others;
}
/** Which branch of a union a value belongs to: by its tag, else the one that it fits best. */
function branchOf(shape, value) {
	if (value === void 0) return void 0;
	if (shape.tag !== void 0 && isObject(value)) {
		const tag = value[shape.tag];
		const at = shape.branches.findIndex((branch) => branch.tags.some((each) => sameJson(each, tag)));
		return at < 0 ? void 0 : at;
	}
	let best;
	let most = -1;
	shape.branches.forEach((branch, at) => {
		const score = scoreOf(branch.place, value, 0);
		if (score > most) [best, most] = [at, score];
	});
	return best;
}
var MISFIT = -1;
var FITS = 1e3;
var MAX_DEPTH$1 = 4;
/** How well a value fits: below 0 not at all, from 1,000 on without a fault that can be seen from here. */
function scoreOf(place, value, depth) {
	const shape = shapeOf(place);
	if (value === null) return shape.nullable || shape.kind === "null" || shape.kind === "json" ? FITS : MISFIT;
	switch (shape.kind) {
		case "text": return typeof value === "string" ? FITS + (shape.format === void 0 ? 0 : formatScore(shape.format, value)) : MISFIT;
		case "number":
			if (shape.decimal && typeof value === "string") return FITS;
			if (!isNumber(value)) return MISFIT;
			return FITS + (shape.integer ? /^-?\d+$/.test(JSON.stringify(value)) ? 1 : -999 : 0);
		case "boolean": return typeof value === "boolean" ? FITS : MISFIT;
		case "null": return MISFIT;
		case "json": return 999;
		case "constant": return sameJson(value, shape.value) ? 1002 : MISFIT;
		case "choice": return shape.options.some((option) => sameJson(option, value)) ? 1001 : MISFIT;
		case "list":
			if (!Array.isArray(value)) return MISFIT;
			return partsScore(shape, value, depth);
		case "object": return isObject(value) ? membersScore(shape, value, depth) : MISFIT;
		case "dict": return isObject(value) ? partsScore(shape, value, depth) - 1 : MISFIT;
		case "union": return Math.max(...shape.branches.map((branch) => scoreOf(branch.place, value, depth)));
	}
}
function membersScore(shape, value, depth) {
	const given = shape.members.filter((member) => Object.hasOwn(value, member.name)).length;
	const missing = shape.members.some((member) => member.required && !Object.hasOwn(value, member.name));
	const foreign = shape.closed && Object.keys(value).length > given;
	const score = partsScore(shape, value, depth) + given;
	return missing || foreign ? Math.min(score, 999) - (foreign ? 1 : 0) : score;
}
function partsScore(shape, value, depth) {
	if (depth >= MAX_DEPTH$1) return FITS;
	const misfits = partsOf$1(shape, value).map((part) => scoreOf(part.place, part.value, depth + 1)).filter((score) => score < FITS).length;
	return misfits === 0 ? FITS : Math.max(0, 100 - misfits);
}
var FORMATS$1 = {
	date: /^\d{4}-\d{2}-\d{2}$/,
	"date-time": /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/,
	time: /^\d{2}:\d{2}/,
	duration: /^[-+]?P/,
	uuid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
	uri: /^[a-z][a-z0-9+.-]*:/i,
	email: /@/
};
function formatScore(format, text) {
	const known = FORMATS$1[format];
	if (known === void 0) return 0;
	return known.test(text) ? 1 : -500;
}
// src/forms/issues.ts
var NO_ISSUES = {
	at: /* @__PURE__ */ new Map(),
	elsewhere: []
};
/** Faults of a request whose `field` (`input`, `payload`) is the value of the form. */
function placeIssues(issues, field, place, value) {
	const at = /* @__PURE__ */ new Map();
	const elsewhere = [];
	for (const issue of issues) {
		const [head, ...keys] = parsePointer(issue.pointer ?? "");
		if (head !== field) {
			elsewhere.push(issue);
			continue;
		}
		const shown = shownPath(place, value, keys);
		const below = keys.slice(shown.length).join(".");
		const pointer = pointerOf(shown);
		at.set(pointer, [...at.get(pointer) ?? [], below === "" ? issue.message : `${below}: ${issue.message}`]);
	}
	return {
		at,
		elsewhere
	};
}
/** How far down a path there are fields: hidden tags, and what the form shows as JSON, are told above. */
function shownPath(root, value, keys) {
	const shown = [];
	let place = root;
	for (const key of keys) {
		const here = valueAt(value, shown);
		const shape = shapeOf(place);
		const next = placeOf(shape, here, key);
		if (next === void 0 || shapeOf(next).kind === "constant" || shape.kind === "union" && shape.tag === key) return shown;
		shown.push(key);
		place = next;
	}
	return shown;
}
// src/forms/context.ts
var FormContext = U({
	prefix: "form",
	issues: NO_ISSUES
});
function useField(path) {
	const { prefix, issues } = j(FormContext);
	const pointer = pointerOf(path);
	return {
		id: `${prefix}${pointer.replace(/\s/g, encodeURIComponent)}`,
		faults: issues.at.get(pointer) ?? []
	};
}
/** Attributes that tie an input to its name, help and faults. */
function described(id, named, faults) {
	return {
		id: `${id}:input`,
		...named,
		"aria-describedby": faults.length > 0 ? `${id}:fault ${id}:help` : `${id}:help`,
		"aria-invalid": faults.length > 0
	};
}
// src/forms/hints.ts
var FORMATS = {
	duration: "ISO 8601 duration, such as PT1H30M",
	time: "hours, minutes, seconds, such as 10:30:00",
	uuid: "UUID",
	uri: "address with its scheme",
	email: "e-mail address",
	base64: "base64",
	base64url: "base64",
	binary: "base64",
	ipv4: "IPv4 address",
	ipv6: "IPv6 address"
};
function hintOf(shape) {
	const parts = partsOf(shape).filter((part) => part !== "");
	return parts.length > 0 ? parts.join(", ") : void 0;
}
function partsOf(shape) {
	const examples = shape.examples.slice(0, 3).map((example) => typeof example === "string" ? example : JSON.stringify(example));
	const example = examples.length > 0 && !shape.secret ? `such as ${examples.join(", ")}` : "";
	switch (shape.kind) {
		case "text": return [
			shape.format === void 0 || shape.secret ? "" : FORMATS[shape.format] ?? (/^date/.test(shape.format) ? "" : shape.format),
			lengthOf(shape.minLength, shape.maxLength, "character"),
			shape.pattern === void 0 ? "" : `pattern ${shape.pattern}`,
			example
		];
		case "number": return [
			shape.decimal ? "all digits are kept" : "",
			shape.bounds,
			example
		];
		case "list": {
			const item = shape.first.length > 0 ? "" : itemWord(shape);
			const fixed = shape.first.length > 0 && shape.rest === void 0;
			return [
				item === "" ? "" : `list of ${item}`,
				fixed ? "" : lengthOf(shape.least || void 0, shape.most, "item"),
				shape.unique ? "no item twice" : ""
			];
		}
		case "json": return ["any JSON", example];
		default: return [example];
	}
}
function lengthOf(least, most, word) {
	const plural = (count) => `${count} ${word}${count === 1 ? "" : "s"}`;
	if (least !== void 0 && most !== void 0) return least === most ? plural(least) : `${least} to ${plural(most)}`;
	if (least !== void 0) return `at least ${plural(least)}`;
	return most === void 0 ? "" : `at most ${plural(most)}`;
}
// src/forms/seed.ts
var MAX_ITEMS = 5;
/** The value of a part that is asked for; undefined where a person has to give it. */
function seedOf(place) {
	return seed(place, []);
}
/** The value of an item: lists have no gaps, so what is not given yet is an empty text or null. */
function seedItem(place) {
	return item(place, []);
}
/** The value of a branch that was just chosen, with its tag. */
function seedBranch(branch, tag) {
	const value = seed(branch.place, [], true);
	const [meant] = branch.tags;
	if (tag === void 0 || meant === void 0 || !isObject(value)) return value;
	return {
		[tag]: meant,
		...value
	};
}
function seed(place, within, chosen = false) {
	const shape = shapeOf(place);
	if (within.includes(shape) || shape.nullable && !chosen) return void 0;
	const inner = [...within, shape];
	switch (shape.kind) {
		case "constant": return shape.value;
		case "null": return null;
		case "dict": return {};
		case "list": {
			const wanted = Math.min(Math.max(shape.least - shape.first.length, 0), MAX_ITEMS);
			const rest = shape.rest;
			return [...shape.first.map((each) => item(each, inner)), ...rest === void 0 ? [] : Array.from({ length: wanted }, () => item(rest, inner))];
		}
		case "object": {
			const value = [];
			for (const member of shape.members) {
				const part = member.required ? seed(member.place, inner) : void 0;
				if (part !== void 0) value.push([member.name, part]);
			}
			return Object.fromEntries(value);
		}
		default: return;
	}
}
function item(place, within) {
	const shape = shapeOf(place);
	return seed(place, within) ?? (shape.kind === "text" && !shape.nullable ? "" : null);
}
// src/forms/inputs/dict.tsx
function DictInput({ shape, path, value, onChange, taken }) {
	const { id } = useField(path);
	const count = T(0);
	const [typed, setTyped] = d([]);
	const object = isObject(value) ? value : {};
	const rows = sameJson(objectOf(typed, taken), object) ? typed : Object.entries(object).map(([key, part]) => ({
		id: ++count.current,
		key,
		value: part
	}));
	if (rows !== typed) setTyped(rows);
	const give = (next) => {
		setTyped(next);
		onChange(objectOf(next, taken));
	};
	const change = (row, facts) => give(rows.map((each) => each.id === row.id ? {
		...each,
		...facts
	} : each));
	const offered = keyOptions(shape);
	return /* @__PURE__ */ a("div", {
		class: "items",
		children: [
			rows.map((row, at) => {
				const isDouble = isTaken(rows, at, taken);
				const keyId = `${id}:key:${row.id}`;
				return /* @__PURE__ */ a("div", {
					class: "item pair",
					children: [
						/* @__PURE__ */ a("span", {
							class: "pair-key",
							children: [
								/* @__PURE__ */ a("input", {
									class: "input mono",
									id: keyId,
									"aria-label": `Key ${at + 1}`,
									"aria-invalid": isDouble,
									"aria-describedby": isDouble ? `${keyId}:fault` : void 0,
									placeholder: "key",
									autocomplete: "off",
									spellcheck: false,
									list: offered.length > 0 ? `${id}:keys` : void 0,
									value: row.key ?? "",
									onInput: (event) => change(row, { key: event.currentTarget.value })
								}),
								isDouble && /* @__PURE__ */ a("p", {
									class: "fault",
									id: `${keyId}:fault`,
									children: "There is such a key already; this row is not sent."
								}),
								row.key === void 0 && /* @__PURE__ */ a("p", {
									class: "hint",
									children: "Give it a key; until then it is not sent."
								})
							]
						}),
						/* @__PURE__ */ a("span", {
							class: "pair-value",
							children: /* @__PURE__ */ a(Control, {
								place: shape.values,
								path: [...path, row.key ?? ""],
								value: row.value,
								onChange: (part) => change(row, { value: part ?? null }),
								named: { "aria-label": `Value of ${row.key === void 0 || row.key === "" ? `entry ${at + 1}` : row.key}` },
								faults: true
							})
						}),
						/* @__PURE__ */ a("span", {
							class: "item-tools",
							children: /* @__PURE__ */ a("button", {
								type: "button",
								class: "quiet",
								"aria-label": `Remove ${row.key ?? "this row"}`,
								onClick: () => give(rows.filter((each) => each.id !== row.id)),
								children: "×"
							})
						})
					]
				}, row.id);
			}),
			offered.length > 0 && /* @__PURE__ */ a("datalist", {
				id: `${id}:keys`,
				children: offered.map((key) => /* @__PURE__ */ a("option", { value: key }, key))
			}),
			/* @__PURE__ */ a("button", {
				type: "button",
				class: "add",
				onClick: () => setTyped([...rows, {
					id: ++count.current,
					key: void 0,
					value: seedItem(shape.values)
				}]),
				children: "+ Add entry"
			})
		]
	});
}
function objectOf(rows, taken) {
	const entries = rows.filter((row, at) => row.key !== void 0 && !isTaken(rows, at, taken));
	return Object.fromEntries(entries.map((row) => [row.key, row.value]));
}
function isTaken(rows, at, taken) {
	const key = rows[at]?.key;
	if (key === void 0) return false;
	return taken?.has(key) === true || rows.findIndex((row) => row.key === key) < at;
}
function keyOptions(shape) {
	const keys = shape.keys === void 0 ? void 0 : shapeOf(shape.keys);
	return keys?.kind === "choice" ? keys.options.map(String) : [];
}
// src/forms/inputs/groups.tsx
/** `hidden` names a tag that a choice above has given already. */
function ObjectInput({ shape, place, path, value, onChange, named, hidden }) {
	const object = isObject(value) ? value : {};
	const known = new Set(shape.members.map((member) => member.name));
	const others = Object.keys(object).filter((key) => !known.has(key));
	const shown = shape.members.filter((member) => member.name !== hidden || shapeOf(member.place).kind !== "constant");
	const set = (name, part) => onChange(withMember(object, name, part));
	return /* @__PURE__ */ a("div", {
		class: "fields",
		children: [
			shown.map((member) => /* @__PURE__ */ a(Field, {
				name: member.name,
				required: member.required,
				place: member.place,
				path: [...path, member.name],
				value: Object.hasOwn(object, member.name) ? object[member.name] : void 0,
				onChange: (part) => set(member.name, part)
			}, member.name)),
			shown.length === 0 && shape.others === void 0 && /* @__PURE__ */ a("p", {
				class: "hint",
				children: "There is nothing to fill in."
			}),
			shape.others !== void 0 && /* @__PURE__ */ a(OtherMembers, {
				shape,
				place,
				path,
				named,
				object,
				known,
				onChange
			}),
			shape.others === void 0 && others.map((key) => /* @__PURE__ */ a(ForeignMember, {
				name: key,
				value: object[key],
				path,
				onRemove: () => set(key, void 0)
			}, key))
		]
	});
}
/** Members that the schema admits without naming them. */
function OtherMembers({ shape, place, path, object, known, onChange, named }) {
	const own = Object.fromEntries(Object.entries(object).filter(([key]) => known.has(key)));
	const rest = Object.fromEntries(Object.entries(object).filter(([key]) => !known.has(key)));
	const dict = {
		...shape,
		kind: "dict",
		keys: void 0,
		values: shape.others ?? {
			...place,
			schema: true
		}
	};
	return /* @__PURE__ */ a("div", {
		class: "others",
		children: [/* @__PURE__ */ a("p", {
			class: "hint",
			children: "Other fields"
		}), /* @__PURE__ */ a(DictInput, {
			shape: dict,
			place,
			path,
			named,
			taken: known,
			value: rest,
			onChange: (value) => onChange({
				...own,
				...isObject(value) ? value : {}
			})
		})]
	});
}
/** A member that the schema does not know, and that would be sent all the same. */
function ForeignMember({ name, value, path, onRemove }) {
	const { faults } = useField([...path, name]);
	return /* @__PURE__ */ a("div", {
		class: "field is-foreign",
		children: [
			/* @__PURE__ */ a("span", {
				class: "label mono",
				children: name
			}),
			/* @__PURE__ */ a("div", {
				class: "control",
				children: [
					/* @__PURE__ */ a("code", {
						class: "preview",
						children: writeJson(value, "compact").slice(0, 200)
					}),
					/* @__PURE__ */ a("p", {
						class: "hint",
						children: "The schema does not name it; it is sent as it stands."
					}),
					faults.map((fault) => /* @__PURE__ */ a("p", {
						class: "fault",
						children: fault
					}, fault))
				]
			}),
			/* @__PURE__ */ a("span", {
				class: "field-tools",
				children: /* @__PURE__ */ a("button", {
					type: "button",
					class: "quiet",
					"aria-label": `Remove ${name}`,
					onClick: onRemove,
					children: "×"
				})
			})
		]
	});
}
var SHOWN = 50;
function ListInput({ shape, path, value, onChange }) {
	const [shown, setShown] = d(SHOWN);
	const items = Array.isArray(value) ? value : [];
	const next = itemPlace(shape, items.length);
	const fixed = shape.first.length;
	const swap = (a, b) => onChange(items.map((item, at) => at === a ? items[b] : at === b ? items[a] : item));
	return /* @__PURE__ */ a("div", {
		class: "items",
		children: [
			items.slice(0, shown).map((item, at) => /* @__PURE__ */ a("div", {
				class: "item",
				children: [/* @__PURE__ */ a(Field, {
					name: String(at),
					label: `${at + 1}`,
					required: true,
					place: itemPlace(shape, at) ?? {
						schema: true,
						root: true
					},
					path: [...path, at],
					value: item,
					onChange: (part) => onChange(items.map((each, index) => index === at ? part ?? null : each))
				}), at >= fixed && /* @__PURE__ */ a("span", {
					class: "item-tools",
					children: [
						/* @__PURE__ */ a("button", {
							type: "button",
							class: "quiet",
							disabled: at === fixed,
							"aria-label": `Move item ${at + 1} up`,
							onClick: () => swap(at, at - 1),
							children: "↑"
						}),
						/* @__PURE__ */ a("button", {
							type: "button",
							class: "quiet",
							disabled: at === items.length - 1,
							"aria-label": `Move item ${at + 1} down`,
							onClick: () => swap(at, at + 1),
							children: "↓"
						}),
						/* @__PURE__ */ a("button", {
							type: "button",
							class: "quiet",
							"aria-label": `Remove item ${at + 1}`,
							onClick: () => onChange(items.filter((_, index) => index !== at)),
							children: "×"
						})
					]
				})]
			}, at)),
			items.length > shown && /* @__PURE__ */ a("button", {
				type: "button",
				class: "quiet",
				onClick: () => setShown(shown + SHOWN),
				children: [
					"Show ",
					Math.min(SHOWN, items.length - shown),
					" more of ",
					items.length
				]
			}),
			next !== void 0 && (shape.most === void 0 || items.length < shape.most) && /* @__PURE__ */ a("button", {
				type: "button",
				class: "add",
				onClick: () => {
					setShown(Math.max(shown, items.length + 1));
					onChange([...items, seedItem(next)]);
				},
				children: ["+ Add ", items.length < fixed ? `item ${items.length + 1}` : "item"]
			})
		]
	});
}
var MAX_SEGMENTS = 6;
function UnionInput({ shape, path, value, onChange, named }) {
	const { id } = useField(path);
	const [chosen, setChosen] = d();
	const given = T(void 0);
	const at = chosen !== void 0 && (value === void 0 || value === null || sameJson(given.current, value)) ? chosen : value === null ? void 0 : branchOf(shape, value);
	const branch = at === void 0 ? void 0 : shape.branches[at];
	const give = (part) => {
		given.current = part;
		onChange(part);
	};
	const choose = (index) => {
		const picked = shape.branches[index];
		if (picked === void 0) return;
		setChosen(index);
		give(kept(picked, seedBranch(picked, shape.tag), value));
	};
	return /* @__PURE__ */ a("div", {
		class: "union",
		children: [
			shape.branches.length <= MAX_SEGMENTS ? /* @__PURE__ */ a("span", {
				class: "segments",
				role: "radiogroup",
				...named,
				children: shape.branches.map(({ title }, index) => /* @__PURE__ */ a("label", {
					class: "segment",
					children: [/* @__PURE__ */ a("input", {
						type: "radio",
						name: `${id}:branch`,
						id: index === 0 ? `${id}:input` : void 0,
						checked: index === at,
						onChange: () => choose(index)
					}), /* @__PURE__ */ a("span", { children: title })]
				}, title))
			}) : /* @__PURE__ */ a("select", {
				class: "input",
				id: `${id}:input`,
				...named,
				value: String(at ?? -1),
				onChange: (event) => choose(Number(event.currentTarget.value)),
				children: [/* @__PURE__ */ a("option", {
					value: "-1",
					children: "Choose…"
				}), shape.branches.map(({ title }, index) => /* @__PURE__ */ a("option", {
					value: String(index),
					children: title
				}, title))]
			}),
			branch !== void 0 && /* @__PURE__ */ a("div", {
				class: "branch",
				children: /* @__PURE__ */ a(Control, {
					place: branch.place,
					path,
					value,
					onChange: give,
					named,
					hidden: shape.tag
				})
			}),
			branch === void 0 && value !== void 0 && value !== null && /* @__PURE__ */ a("p", {
				class: "hint",
				children: "This value is none of these; see it as JSON."
			})
		]
	});
}
/** Of what was filled in before, what the newly chosen branch has too. */
function kept(picked, seed, before) {
	const shape = shapeOf(picked.place);
	if (shape.kind !== "object" || !isObject(seed) || !isObject(before)) return seed;
	return shape.members.filter((member) => {
		const part = before[member.name];
		return part !== void 0 && !Object.hasOwn(seed, member.name) && kindWord(shapeOf(member.place)) === typeWord(part);
	}).reduce((value, { name }) => withMember(value, name, before[name]), seed);
}
function typeWord(value) {
	return typeof value === "string" ? "text" : typeof value === "boolean" ? "yes or no" : void 0;
}
// src/forms/inputs/json.tsx
/** Text and value side by side: text that is no JSON is kept as it stands, and the value stays what it was. */
function useJsonText(value, onChange) {
	const [typed, setTyped] = d();
	const isCurrent = typed !== void 0 && sameJson(typed.value, value);
	return {
		text: isCurrent ? typed.text : writeJson(value),
		fault: isCurrent ? typed.fault : void 0,
		write: (text) => {
			const read = readJson(text);
			setTyped({
				text,
				fault: read.fault,
				value: read.fault === void 0 ? read.value : value
			});
			if (read.fault === void 0) onChange(read.value);
		}
	};
}
function readJson(text) {
	if (text.trim() === "") return {
		value: void 0,
		fault: void 0
	};
	try {
		return {
			value: parseJson(text),
			fault: void 0
		};
	} catch (error) {
		return {
			value: void 0,
			fault: error instanceof Error ? error.message : String(error)
		};
	}
}
function JsonInput({ path, value, onChange, named, placeholder }) {
	const { id, faults } = useField(path);
	const { text, fault, write } = useJsonText(value, onChange);
	return /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("textarea", {
		class: "input mono",
		rows: 1,
		spellcheck: false,
		autocomplete: "off",
		...described(id, named, fault === void 0 ? faults : [fault]),
		value: text,
		placeholder: placeholder ?? "JSON, such as \"text\", 17 or {\"a\": 1}",
		onInput: (event) => write(event.currentTarget.value)
	}), fault !== void 0 && /* @__PURE__ */ a("p", {
		class: "fault",
		id: `${id}:json-fault`,
		children: ["This is no JSON yet: ", fault]
	})] });
}
// src/forms/inputs/scalars.tsx
function TextInput({ shape, path, value, onChange, named }) {
	const { id, faults } = useField(path);
	const text = typeof value === "string" ? value : "";
	const shared = {
		...described(id, named, faults),
		value: text,
		placeholder: placeholderOf(shape.fallback),
		onInput: (event) => onChange(event.currentTarget.value),
		spellcheck: false,
		autocomplete: shape.secret ? "new-password" : "off"
	};
	if (shape.secret) return /* @__PURE__ */ a("input", {
		class: "input",
		type: "password",
		...shared
	});
	if (shape.format !== void 0) return /* @__PURE__ */ a("input", {
		class: "input mono",
		type: "text",
		...shared,
		inputMode: MODES[shape.format]
	});
	return /* @__PURE__ */ a("textarea", {
		class: "input",
		rows: 1,
		...shared
	});
}
var MODES = {
	email: "email",
	uri: "url"
};
function NumberInput({ shape, path, value, onChange, named }) {
	const { id, faults } = useField(path);
	const [typed, setTyped] = d("");
	const shown = sameJson(readTyped(shape, typed), value) ? typed : textOf(value);
	return /* @__PURE__ */ a("input", {
		class: "input mono number",
		type: "text",
		inputMode: shape.integer ? "numeric" : "decimal",
		autocomplete: "off",
		...described(id, named, faults),
		value: shown,
		placeholder: placeholderOf(shape.fallback) ?? (shape.integer ? "whole number" : "number"),
		onInput: (event) => {
			setTyped(event.currentTarget.value);
			onChange(readTyped(shape, event.currentTarget.value));
		}
	});
}
/** What is no number is sent as it stands, for the server to say so; of a decimal no digit is lost. */
function readTyped(shape, text) {
	if (text.trim() === "") return void 0;
	const number = readNumber(text);
	if (number === void 0) return text;
	return shape.decimal && typeof number !== "number" ? text.trim() : number;
}
function textOf(value) {
	if (value === void 0 || value === null) return "";
	return typeof value === "string" ? value : isNumber(value) ? numberText(value) : writeJson(value, "compact");
}
/** What is taken where nothing is sent. */
function placeholderOf(fallback) {
	return fallback === void 0 ? void 0 : `${fallbackText(fallback)} (default)`;
}
function fallbackText(fallback) {
	if (fallback === null) return "none";
	return fallback === "" ? "empty" : textOf(fallback);
}
var DAY = /^\d{4}-\d{2}-\d{2}$/;
function DateInput(props) {
	const { path, value, onChange, named } = props;
	const { id, faults } = useField(path);
	if (typeof value === "string" && value !== "" && !DAY.test(value)) return /* @__PURE__ */ a(TextInput, { ...props });
	return /* @__PURE__ */ a("span", {
		class: "inline",
		children: [/* @__PURE__ */ a("input", {
			class: "input",
			type: "date",
			...described(id, named, faults),
			value: value === void 0 ? "" : String(value),
			onInput: (event) => onChange(event.currentTarget.value || void 0)
		}), /* @__PURE__ */ a(DefaultNote, {
			value,
			fallback: props.shape.fallback
		})]
	});
}
var MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/;
/** A moment in this browser's zone, sent as UTC; one that was written otherwise is left as text. */
function MomentInput(props) {
	const { path, value, onChange, named, shape } = props;
	const { id, faults } = useField(path);
	if (typeof value === "string" && value !== "" && !MOMENT.test(value)) return /* @__PURE__ */ a(TextInput, { ...props });
	return /* @__PURE__ */ a("span", {
		class: "inline",
		children: [
			/* @__PURE__ */ a("input", {
				class: "input",
				type: "datetime-local",
				step: 1,
				...described(id, named, faults),
				value: typeof value === "string" && value !== "" ? toLocal(value) : "",
				onInput: (event) => onChange(toUtc(event.currentTarget.value))
			}),
			/* @__PURE__ */ a("button", {
				type: "button",
				class: "quiet",
				onClick: () => onChange(`${(/* @__PURE__ */ new Date()).toISOString().slice(0, 19)}Z`),
				children: "Now"
			}),
			/* @__PURE__ */ a("span", {
				class: "hint",
				children: [zoneName(), ", sent as UTC"]
			}),
			/* @__PURE__ */ a(DefaultNote, {
				value,
				fallback: shape.fallback
			})
		]
	});
}
function toLocal(moment) {
	const date = new Date(moment);
	return (/* @__PURE__ */ new Date(date.getTime() - date.getTimezoneOffset() * 6e4)).toISOString().slice(0, date.getMilliseconds() === 0 ? 19 : 23);
}
function toUtc(local) {
	const date = new Date(local);
	if (local === "" || Number.isNaN(date.getTime())) return void 0;
	return date.getMilliseconds() === 0 ? `${date.toISOString().slice(0, 19)}Z` : date.toISOString();
}
function zoneName() {
	return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
function BooleanInput({ shape, ...props }) {
	const options = [{
		label: "Yes",
		value: true
	}, {
		label: "No",
		value: false
	}];
	return /* @__PURE__ */ a(Radios, {
		...props,
		options,
		fallback: shape.fallback
	});
}
var MAX_RADIOS = 5;
function ChoiceInput({ shape, ...props }) {
	const { path, value, onChange, named } = props;
	const { id, faults } = useField(path);
	const options = shape.options.map((option) => ({
		label: optionText(option),
		value: option
	}));
	if (options.length <= MAX_RADIOS && options.every(({ label }) => label.length <= 16)) return /* @__PURE__ */ a(Radios, {
		...props,
		options,
		fallback: shape.fallback
	});
	const chosen = options.findIndex((option) => sameJson(option.value, value));
	return /* @__PURE__ */ a("select", {
		class: "input",
		...described(id, named, faults),
		value: String(chosen),
		onChange: (event) => onChange(options[Number(event.currentTarget.value)]?.value),
		children: [/* @__PURE__ */ a("option", {
			value: "-1",
			children: placeholderOf(shape.fallback) ?? "Choose…"
		}), options.map(({ label }, at) => /* @__PURE__ */ a("option", {
			value: String(at),
			children: label
		}, label))]
	});
}
function Radios({ path, value, onChange, named, options, fallback }) {
	const { id, faults } = useField(path);
	const chosen = options.findIndex((option) => sameJson(option.value, value));
	return /* @__PURE__ */ a("span", {
		class: "segments",
		role: "radiogroup",
		...named,
		"aria-describedby": `${id}:fault ${id}:help`,
		"aria-invalid": faults.length > 0,
		children: options.map((option, at) => /* @__PURE__ */ a("label", {
			class: chosen < 0 && sameJson(option.value, fallback) ? "segment is-default" : "segment",
			children: [
				/* @__PURE__ */ a("input", {
					type: "radio",
					name: id,
					id: at === 0 ? `${id}:input` : void 0,
					checked: at === chosen,
					onChange: () => onChange(option.value)
				}),
				/* @__PURE__ */ a("span", { children: option.label }),
				sameJson(option.value, fallback) && /* @__PURE__ */ a("small", { children: "default" })
			]
		}, option.label))
	});
}
function optionText(option) {
	return typeof option === "string" && option !== "" ? option : writeJson(option, "compact");
}
function DefaultNote({ value, fallback }) {
	const text = placeholderOf(fallback);
	return value === void 0 && text !== void 0 ? /* @__PURE__ */ a("span", {
		class: "hint",
		children: text
	}) : null;
}
// src/forms/form.tsx
function Form({ place, value, onChange, issues, name }) {
	const shape = shapeOf(place);
	const props = {
		place,
		path: [],
		value,
		onChange
	};
	return /* @__PURE__ */ a(FormContext.Provider, {
		value: {
			prefix: name,
			issues
		},
		children: /* @__PURE__ */ a("div", {
			class: "form",
			children: shape.kind === "object" && isObject(value) && !shape.nullable ? /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a(Faults, { path: [] }), /* @__PURE__ */ a(Control, {
				...props,
				named: { "aria-label": name }
			})] }) : /* @__PURE__ */ a(Field, {
				...props,
				name,
				required: !shape.nullable && shape.fallback === void 0
			})
		})
	});
}
function Field(props) {
	const { place, path, value, name, required, onChange } = props;
	const shape = shapeOf(place);
	const { id, faults } = useField(path);
	const [asJson, setAsJson] = d(false);
	if (shape.kind === "constant" && (value === void 0 || required)) return null;
	const labelId = `${id}:label`;
	const isOpen = value !== void 0 && value !== null && isGroup(shape, value);
	const isWide = isOpen || shape.kind === "union";
	const isItem = typeof path.at(-1) === "number";
	const title = props.label ?? titleOf$1(shape, name);
	const control = {
		place,
		path,
		value,
		onChange,
		named: { "aria-labelledby": labelId }
	};
	return /* @__PURE__ */ a("div", {
		class: [
			"field",
			isOpen ? "is-group" : "",
			faults.length > 0 ? "has-faults" : "",
			isItem ? "is-item" : ""
		].filter(Boolean).join(" "),
		"data-pointer": pointerOf(path),
		...isWide ? {
			role: "group",
			"aria-labelledby": labelId
		} : {},
		children: [
			/* @__PURE__ */ a("span", {
				class: "label",
				children: [
					isWide ? /* @__PURE__ */ a("span", {
						id: labelId,
						children: title
					}) : /* @__PURE__ */ a("label", {
						id: labelId,
						for: `${id}:input`,
						children: title
					}),
					title !== name && !isItem && /* @__PURE__ */ a("code", {
						class: "name",
						children: name
					}),
					required && !isItem && /* @__PURE__ */ a("span", {
						class: "required",
						children: "required"
					}),
					shape.deprecated && /* @__PURE__ */ a("span", {
						class: "tag",
						children: "deprecated"
					})
				]
			}),
			/* @__PURE__ */ a("div", {
				class: "control",
				children: [
					asJson && isOpen ? /* @__PURE__ */ a(JsonInput, { ...control }) : /* @__PURE__ */ a(Given, {
						...control,
						shape,
						title
					}),
					/* @__PURE__ */ a(Help, {
						id,
						shape
					}),
					/* @__PURE__ */ a(Faults, { path })
				]
			}),
			/* @__PURE__ */ a("span", {
				class: "field-tools",
				children: [
					isOpen && /* @__PURE__ */ a("button", {
						type: "button",
						class: "quiet",
						"aria-pressed": asJson,
						"aria-label": `${title} as JSON`,
						title: "As JSON",
						onClick: () => setAsJson(!asJson),
						children: "{ }"
					}),
					shape.nullable && value !== null && (shape.fallback !== null || required || isItem) && /* @__PURE__ */ a("button", {
						type: "button",
						class: "quiet",
						"aria-label": `${title}: none`,
						onClick: () => onChange(null),
						children: "none"
					}),
					value !== void 0 && !isItem && (!required || !isOpen) && /* @__PURE__ */ a("button", {
						type: "button",
						class: "quiet",
						"aria-label": `Clear ${title}`,
						title: required ? "Clear" : "Leave it out",
						onClick: () => onChange(void 0),
						children: "×"
					})
				]
			})
		]
	});
}
/** Whether a value has fields of its own, which stand below its label. */
function isGroup(shape, value) {
	if (shape.kind === "union") return isObject(value) || Array.isArray(value);
	return shape.kind === "object" || shape.kind === "dict" || shape.kind === "list";
}
/** The field's own title, or its name: a title that is only the name with a capital says nothing more. */
function titleOf$1(shape, name) {
	const made = name.replaceAll("_", " ").trim().toLowerCase();
	return shape.title === void 0 || shape.title.toLowerCase() === made ? name : shape.title;
}
function Help({ id, shape }) {
	const hint = hintOf(shape);
	return /* @__PURE__ */ a("p", {
		class: "help",
		id: `${id}:help`,
		children: [shape.description !== void 0 && /* @__PURE__ */ a("span", { children: shape.description }), hint !== void 0 && /* @__PURE__ */ a("span", {
			class: "hint",
			children: hint
		})]
	});
}
function Faults({ path }) {
	const { id, faults } = useField(path);
	return /* @__PURE__ */ a("div", {
		id: `${id}:fault`,
		class: "faults",
		children: faults.map((fault) => /* @__PURE__ */ a("p", {
			class: "fault",
			children: fault
		}, fault))
	});
}
/** The input where there is a value, or a person may type one; else the way to a value. */
function Given({ shape, title, ...props }) {
	const { value, onChange, place } = props;
	const holdsOthers = shape.kind === "object" || shape.kind === "dict" || shape.kind === "list";
	if (value === null && shape.nullable) return /* @__PURE__ */ a(Absent, {
		word: "none",
		children: /* @__PURE__ */ a(Add, {
			title,
			onAdd: () => onChange(addedValue(place, shape))
		})
	});
	if (holdsOthers && value === void 0) {
		const fallback = shape.fallback === void 0 ? void 0 : placeholderText(shape.fallback);
		return /* @__PURE__ */ a(Absent, {
			word: fallback === void 0 ? "not given" : `${fallback} (default)`,
			children: /* @__PURE__ */ a(Add, {
				title,
				onAdd: () => onChange(addedValue(place, shape))
			})
		});
	}
	return /* @__PURE__ */ a(Control, { ...props });
}
function placeholderText(fallback) {
	const text = Array.isArray(fallback) && fallback.length === 0 ? "empty" : isObject(fallback) && Object.keys(fallback).length === 0 ? "empty" : fallbackText(fallback);
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
/** What "Add" begins with: the default as it is, where that is a value, for a person to change. */
function addedValue(place, shape) {
	if (shape.fallback !== void 0 && shape.fallback !== null) return shape.fallback;
	return seedBranch({
		title: "",
		place,
		tags: []
	}, void 0);
}
function Absent({ word, children }) {
	return /* @__PURE__ */ a("span", {
		class: "absent",
		children: [/* @__PURE__ */ a("span", {
			class: "chip",
			children: word
		}), children]
	});
}
function Add({ title, onAdd }) {
	return /* @__PURE__ */ a("button", {
		type: "button",
		class: "add",
		onClick: onAdd,
		children: ["+ Add ", title]
	});
}
/** The input of a part, whichever it takes; `hidden` names a member that a choice above has given already. */
function Control(props) {
	const { place, path, value, onChange } = props;
	const shape = shapeOf(place);
	const input = fits(shape, value) ? /* @__PURE__ */ a(Input, {
		...props,
		shape
	}) : /* @__PURE__ */ a(Misfit, { ...props });
	if (props.faults !== true) return input;
	return /* @__PURE__ */ a($, { children: [(value === null || value === void 0) && shape.nullable ? /* @__PURE__ */ a(Absent, {
		word: "none",
		children: /* @__PURE__ */ a(Add, {
			title: "value",
			onAdd: () => onChange(addedValue(place, shape) ?? seedOf(place))
		})
	}) : input, /* @__PURE__ */ a(Faults, { path })] });
}
function Input({ shape, ...props }) {
	switch (shape.kind) {
		case "text":
			if (shape.format === "date") return /* @__PURE__ */ a(DateInput, {
				...props,
				shape
			});
			return shape.format === "date-time" ? /* @__PURE__ */ a(MomentInput, {
				...props,
				shape
			}) : /* @__PURE__ */ a(TextInput, {
				...props,
				shape
			});
		case "number": return /* @__PURE__ */ a(NumberInput, {
			...props,
			shape
		});
		case "boolean": return /* @__PURE__ */ a(BooleanInput, {
			...props,
			shape
		});
		case "choice": return /* @__PURE__ */ a(ChoiceInput, {
			...props,
			shape
		});
		case "object": return /* @__PURE__ */ a(ObjectInput, {
			...props,
			shape
		});
		case "dict": return /* @__PURE__ */ a(DictInput, {
			...props,
			shape
		});
		case "list": return /* @__PURE__ */ a(ListInput, {
			...props,
			shape
		});
		case "union": return /* @__PURE__ */ a(UnionInput, {
			...props,
			shape
		});
		case "constant": return /* @__PURE__ */ a("code", {
			class: "preview",
			children: writeJson(shape.value, "compact")
		});
		case "null": return /* @__PURE__ */ a("span", {
			class: "chip",
			children: "nothing to give"
		});
		case "json": return /* @__PURE__ */ a(JsonInput, {
			...props,
			placeholder: placeholderOf(shape.fallback)
		});
	}
}
/** Whether the input of a shape can show a value; null is what a person has not given yet. */
function fits(shape, value) {
	if (value === void 0 || value === null) return true;
	switch (shape.kind) {
		case "text": return typeof value === "string";
		case "number": return isNumber(value) || typeof value === "string";
		case "boolean": return typeof value === "boolean";
		case "object":
		case "dict": return isObject(value);
		case "list": return Array.isArray(value);
		default: return true;
	}
}
/** A value of another kind than its field: nothing that is sent is hidden. */
function Misfit(props) {
	return /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a(JsonInput, { ...props }), /* @__PURE__ */ a("p", {
		class: "hint",
		children: "This is not of the kind that the field takes."
	})] });
}
// src/forms/secrets.ts
/** The value without its secrets. */
function withoutSecrets(place, value) {
	return mapSecrets(place, value, () => void 0);
}
/** The value with something else in the place of each secret. */
function maskSecrets(place, value, mask) {
	return mapSecrets(place, value, (secret) => typeof secret === "string" && secret !== "" ? mask : secret);
}
/** The value as it was typed, where `mask` stands for the secret that was at the same place. */
function unmaskSecrets(place, value, before, mask) {
	if (before === void 0 || !hasSecrets(place, value)) return value;
	return mapSecrets(place, value, (secret, path) => secret === mask ? at(before, path) ?? secret : secret);
}
function hasSecrets(place, value) {
	let found = false;
	mapSecrets(place, value, (secret) => {
		found = true;
		return secret;
	});
	return found;
}
function mapSecrets(place, value, replace, path = []) {
	if (value === void 0) return void 0;
	const shape = shapeOf(place);
	if (shape.secret) return value === null ? null : replace(value, path);
	let changed = value;
	for (const part of partsOf$1(shape, value)) {
		const mapped = mapSecrets(part.place, part.value, replace, [...path, part.key]);
		if (mapped === part.value) continue;
		if (Array.isArray(changed)) changed = changed.map((item, index) => index === part.key ? mapped ?? null : item);
		else if (isObject(changed)) changed = withMember(changed, String(part.key), mapped);
	}
	return changed;
}
function at(value, path) {
	let found = value;
	for (const key of path) if (Array.isArray(found)) found = found[Number(key)];
	else found = isObject(found) ? found[String(key)] : void 0;
	return found;
}
// src/forms/editor.tsx
var MASK = "••••••";
function ValueEditor(props) {
	const [view, setView] = d("form");
	return /* @__PURE__ */ a("div", {
		class: `value-editor shows-${view}`,
		children: [
			/* @__PURE__ */ a("div", {
				class: "view-switch",
				role: "group",
				"aria-label": "View",
				children: ["form", "json"].map((each) => /* @__PURE__ */ a("button", {
					type: "button",
					class: "tab",
					"aria-pressed": view === each,
					onClick: () => setView(each),
					children: each === "form" ? "Form" : "JSON"
				}, each))
			}),
			/* @__PURE__ */ a("div", {
				class: "form-view",
				children: /* @__PURE__ */ a(Form, { ...props })
			}),
			/* @__PURE__ */ a("div", {
				class: "json-view",
				children: /* @__PURE__ */ a(JsonView, { ...props })
			})
		]
	});
}
function JsonView({ place, value, onChange, name }) {
	const { text, fault, write } = useJsonText(w(() => maskSecrets(place, value, MASK), [place, value]), (typed) => onChange(unmaskSecrets(place, typed, value, MASK)));
	return /* @__PURE__ */ a($, { children: [
		/* @__PURE__ */ a("label", {
			class: "json-label",
			for: `${name}:json`,
			children: "JSON"
		}),
		/* @__PURE__ */ a("textarea", {
			id: `${name}:json`,
			class: "input mono",
			spellcheck: false,
			autocomplete: "off",
			"aria-invalid": fault !== void 0,
			"aria-describedby": `${name}:json-note`,
			placeholder: "nothing is sent",
			value: text,
			onInput: (event) => write(event.currentTarget.value)
		}),
		/* @__PURE__ */ a("div", {
			id: `${name}:json-note`,
			"aria-live": "polite",
			children: [
				fault !== void 0 && /* @__PURE__ */ a("p", {
					class: "fault",
					children: ["This is no JSON yet, and the form keeps what it had: ", fault]
				}),
				hasSecrets(place, value) && /* @__PURE__ */ a("p", {
					class: "hint",
					children: "Secrets are shown as dots."
				}),
				!keepsDigits && /* @__PURE__ */ a("p", {
					class: "fault",
					children: "This browser rounds numbers of more than 15 digits; give those as text, or use a newer one."
				})
			]
		})
	] });
}
// src/pages/faults.tsx
function FaultSummary({ issues, error, form, nothing }) {
	const places = [...issues.at.keys()];
	const count = [...issues.at.values()].reduce((sum, messages) => sum + messages.length, issues.elsewhere.length);
	if (count === 0 && error === void 0) return null;
	return /* @__PURE__ */ a("div", {
		class: "banner is-bad",
		role: "alert",
		children: [count > 0 ? /* @__PURE__ */ a($, { children: [
			/* @__PURE__ */ a("strong", { children: count === 1 ? "One thing does not fit." : `${count} things do not fit.` }),
			" ",
			nothing,
			/* @__PURE__ */ a("ul", { children: [places.map((pointer) => /* @__PURE__ */ a("li", { children: [
				/* @__PURE__ */ a("button", {
					type: "button",
					class: "linklike mono",
					onClick: () => focusField(form.current, pointer),
					children: pointer === "" ? "the value" : pointer.slice(1)
				}),
				" ",
				issues.at.get(pointer)?.join("; ")
			] }, pointer)), issues.elsewhere.map((issue) => /* @__PURE__ */ a("li", { children: [
				/* @__PURE__ */ a("span", {
					class: "mono",
					children: issue.path
				}),
				" ",
				issue.message
			] }, issue.path + issue.message))] })
		] }) : /* @__PURE__ */ a($, { children: [
			/* @__PURE__ */ a("strong", { children: error?.type === "" ? "It did not work." : error?.type }),
			" ",
			error?.message
		] }), error?.status === 409 && error.workflowId !== void 0 && /* @__PURE__ */ a("p", { children: /* @__PURE__ */ a("a", {
			href: runHref(error.workflowId, error.runId),
			children: "Open the run that has this ID"
		}) })]
	});
}
var INPUTS = "input, textarea, select, button.add";
/** The field that shows a fault, or the one that it lies in. */
function fieldAt(root, pointer) {
	return root?.querySelector(`[data-pointer="${CSS.escape(pointer)}"]`) ?? null;
}
function focusField(root, pointer) {
	const field = fieldAt(root, pointer) ?? root;
	const input = field?.querySelector(INPUTS);
	input?.focus({ preventScroll: true });
	(input ?? field)?.scrollIntoView({ block: "center" });
}
/** Lead who filled in a form to the first field that does not fit, whenever there are new faults. */
function useFaultFocus(root, issues) {
	A(() => {
		if (issues !== NO_ISSUES) focusFirstFault(root.current);
	}, [root, issues]);
}
function focusFirstFault(root) {
	const input = (root?.querySelector(".field.has-faults, .pair-value:has(> .faults > .fault)"))?.querySelector(INPUTS);
	input?.focus({ preventScroll: true });
	input?.scrollIntoView({ block: "center" });
}
// src/pages/inbox.tsx
var EVERY$1 = 5e3;
function InboxPage() {
	const [waits, setWaits] = d();
	const [error, setError] = d();
	const [open, setOpen] = d();
	const [answered, setAnswered] = d();
	const read = () => {
		ask("GET", "workflow/waits").then((found) => {
			setWaits(found);
			setError(void 0);
		}, (failure) => setError(ApiError.of(failure)));
	};
	A(() => {
		read();
		const timer = setInterval(() => document.visibilityState === "visible" && read(), EVERY$1);
		return () => clearInterval(timer);
	}, []);
	if (waits === void 0) return error === void 0 ? /* @__PURE__ */ a(Loading, { what: "what waits" }) : /* @__PURE__ */ a(FailedPage, {
		error,
		title: "Inbox"
	});
	return /* @__PURE__ */ a("section", {
		class: "page",
		"aria-labelledby": "page-title",
		children: [
			/* @__PURE__ */ a("header", {
				class: "page-head",
				children: [/* @__PURE__ */ a("h1", {
					id: "page-title",
					children: "Inbox"
				}), /* @__PURE__ */ a("span", {
					class: "count",
					children: waits.length
				})]
			}),
			error !== void 0 && /* @__PURE__ */ a(Failed, {
				error,
				what: "This may be out of date"
			}),
			/* @__PURE__ */ a("p", {
				role: "status",
				class: "answered",
				children: answered !== void 0 && `Answered: ${answered}`
			}),
			waits.length === 0 && /* @__PURE__ */ a("p", {
				class: "empty muted",
				children: "Nothing waits for anybody."
			}),
			/* @__PURE__ */ a("ul", {
				class: "inbox",
				children: waits.map((wait) => /* @__PURE__ */ a("li", { children: [/* @__PURE__ */ a(WaitRow, {
					wait,
					isOpen: wait.token === open,
					onToggle: () => setOpen(wait.token === open ? void 0 : wait.token)
				}), wait.token === open && /* @__PURE__ */ a(AnswerForm, {
					wait,
					onDone: () => {
						setAnswered(titleOf(wait));
						setOpen(void 0);
						setWaits(waits.filter((each) => each.token !== wait.token));
						read();
					}
				})] }, wait.token))
			})
		]
	});
}
function titleOf(wait) {
	return wait.question ?? `${wait.workflowType} awaits feedback`;
}
function WaitRow({ wait, isOpen, onToggle }) {
	const isLate = wait.deadline != null && Date.parse(wait.deadline) < Date.now();
	return /* @__PURE__ */ a("div", {
		class: "wait",
		children: [/* @__PURE__ */ a("button", {
			type: "button",
			class: "linklike question",
			"aria-expanded": isOpen,
			onClick: onToggle,
			children: titleOf(wait)
		}), /* @__PURE__ */ a("span", {
			class: "muted",
			children: [
				wait.to != null && `to ${wait.to}, `,
				/* @__PURE__ */ a("a", {
					href: runHref(wait.workflowId, wait.runId),
					children: wait.workflowId
				}),
				", since ",
				/* @__PURE__ */ a(Ago, { moment: wait.since }),
				wait.deadline != null && /* @__PURE__ */ a($, { children: [
					", ",
					isLate ? "was due " : "due ",
					/* @__PURE__ */ a(Ago, { moment: wait.deadline })
				] })
			]
		})]
	});
}
function AnswerForm({ wait, onDone }) {
	const schema = wait.schema ?? true;
	const place = {
		schema,
		root: schema
	};
	const root = T(null);
	const [value, setValue] = d(() => seedOf(place));
	const [issues, setIssues] = d(NO_ISSUES);
	const [error, setError] = d();
	const [busy, setBusy] = d(false);
	useFaultFocus(root, issues);
	const send = async () => {
		if (busy) return;
		setBusy(true);
		try {
			if (wait.question != null) await ask("POST", `approve/${encodeURIComponent(wait.token)}`, value ?? null);
			else await ask("POST", `${runPath(wait.workflowId)}/feedback`, {
				token: wait.token,
				payload: value ?? null
			});
			onDone();
		} catch (failure) {
			const failed = ApiError.of(failure);
			setIssues(placeIssues(failed.issues, wait.question != null ? "answer" : "payload", place, value));
			setError(failed);
		} finally {
			setBusy(false);
		}
	};
	return /* @__PURE__ */ a("form", {
		class: "messages",
		ref: root,
		noValidate: true,
		"aria-label": titleOf(wait),
		onSubmit: (event) => event.preventDefault(),
		onKeyDown: (event) => {
			if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
			event.preventDefault();
			send();
		},
		children: [
			/* @__PURE__ */ a(FaultSummary, {
				issues,
				error,
				form: root,
				nothing: "Nothing was answered."
			}),
			/* @__PURE__ */ a(ValueEditor, {
				place,
				value,
				onChange: setValue,
				issues,
				name: "payload"
			}),
			/* @__PURE__ */ a("footer", {
				class: "form-bar",
				children: /* @__PURE__ */ a("button", {
					type: "button",
					class: "button primary",
					disabled: busy,
					onClick: () => void send(),
					children: [
						busy ? "Answering…" : "Answer",
						" ",
						/* @__PURE__ */ a("kbd", { children: "Ctrl ⏎" })
					]
				})
			})
		]
	});
}
// src/pages/login.tsx
function LoginPage({ onDone }) {
	const [token, setToken] = d("");
	const [fault, setFault] = d();
	const [busy, setBusy] = d(false);
	const send = async () => {
		setBusy(true);
		try {
			await login(token);
			setToken("");
			onDone();
		} catch (error) {
			setFault(ApiError.of(error).message);
		} finally {
			setBusy(false);
		}
	};
	return /* @__PURE__ */ a("form", {
		class: "page login",
		"aria-labelledby": "page-title",
		onSubmit: (event) => {
			event.preventDefault();
			send();
		},
		children: [
			/* @__PURE__ */ a("h1", {
				id: "page-title",
				children: "Log in"
			}),
			/* @__PURE__ */ a("label", {
				for: "token",
				children: "A token of this API"
			}),
			/* @__PURE__ */ a("input", {
				id: "token",
				class: "input mono",
				type: "password",
				autocomplete: "current-password",
				required: true,
				"aria-invalid": fault !== void 0,
				"aria-describedby": "token-fault",
				value: token,
				onInput: (event) => setToken(event.currentTarget.value)
			}),
			/* @__PURE__ */ a("p", {
				id: "token-fault",
				class: "fault",
				role: "alert",
				children: fault
			}),
			/* @__PURE__ */ a("button", {
				type: "submit",
				class: "button primary",
				disabled: busy || token === "",
				children: busy ? "Asking…" : "Log in"
			})
		]
	});
}
// src/pages/reset.tsx
function ResetPage({ workflowId, runId, step }) {
	const path = runPath(workflowId, runId);
	const loaded = useLoaded(`reset:${path}`, async () => {
		const [{ status }, { data }] = await Promise.all([ask("GET", `${path}/status`), ask("GET", `${path}/trace-log?values=none&partial=true`)]);
		return {
			status,
			points: resetPoints(data)
		};
	});
	if (loaded.state === "loading") return /* @__PURE__ */ a(Loading, { what: "its steps" });
	if (loaded.state === "failed") return /* @__PURE__ */ a(FailedPage, {
		error: loaded.error,
		title: `Reset ${workflowId}`
	});
	const { points, status } = loaded.value;
	return /* @__PURE__ */ a("section", {
		class: "page reset-page",
		"aria-labelledby": "page-title",
		children: [/* @__PURE__ */ a("header", {
			class: "page-head",
			children: /* @__PURE__ */ a("h1", {
				id: "page-title",
				children: ["Reset ", /* @__PURE__ */ a("span", {
					class: "mono",
					children: workflowId
				})]
			})
		}), points.length === 0 ? /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("p", { children: "No step of this run has completed: there is nothing to go back to." }), /* @__PURE__ */ a("p", { children: /* @__PURE__ */ a("a", {
			href: runHref(workflowId, runId),
			children: "Back to the run"
		}) })] }) : /* @__PURE__ */ a(Choice$1, {
			workflowId,
			runId,
			points,
			step,
			isOpen: status === "running"
		})]
	});
}
function Choice$1({ workflowId, runId, points, step, isOpen }) {
	const [name, setName] = d(points.find((point) => point.name === step)?.name ?? points.at(-1)?.name ?? "");
	const [reason, setReason] = d("");
	const [error, setError] = d();
	const [busy, setBusy] = d(false);
	const point = points.find((each) => each.name === name);
	const body = {
		stepName: name,
		...reason.trim() === "" ? {} : { reason: reason.trim() }
	};
	const reset = async () => {
		setBusy(true);
		try {
			navigate(runHref(workflowId, (await ask("POST", `${runPath(workflowId, runId)}/reset`, body)).runId));
		} catch (failure) {
			setError(ApiError.of(failure));
			setBusy(false);
		}
	};
	return /* @__PURE__ */ a("form", {
		"aria-label": "Reset",
		onSubmit: (event) => event.preventDefault(),
		children: [
			/* @__PURE__ */ a("p", { children: ["A new run knows all up to the completion of a step and does the rest again.", isOpen && " This one is terminated."] }),
			/* @__PURE__ */ a("fieldset", {
				class: "points",
				children: [/* @__PURE__ */ a("legend", {
					class: "sr-only",
					children: "Go on after"
				}), points.map((each) => /* @__PURE__ */ a("label", {
					class: "point",
					children: [
						/* @__PURE__ */ a("input", {
							type: "radio",
							name: "step",
							value: each.name,
							checked: each.name === name,
							onChange: () => setName(each.name)
						}),
						/* @__PURE__ */ a("span", { children: ["after ", /* @__PURE__ */ a("span", {
							class: "mono",
							children: each.name
						})] }),
						/* @__PURE__ */ a("span", {
							class: "muted",
							children: ["took ", took((each.node.endedAt ?? 0) - each.node.startedAt)]
						})
					]
				}, each.name))]
			}),
			point !== void 0 && /* @__PURE__ */ a("div", {
				class: "outlook",
				"aria-live": "polite",
				children: [/* @__PURE__ */ a(Names, {
					title: "Kept",
					names: counted(point.keeps),
					none: "nothing"
				}), /* @__PURE__ */ a(Names, {
					title: "Done again",
					names: counted(point.redoes),
					none: "none that had begun",
					note: "with all that they call outside"
				})]
			}),
			/* @__PURE__ */ a("p", {
				class: "hint",
				children: "Signals and updates that came later are kept. Steps that had begun and were not reached by then are begun anew."
			}),
			/* @__PURE__ */ a("div", {
				class: "part",
				children: [/* @__PURE__ */ a("label", {
					for: "reset-reason",
					children: "Reason"
				}), /* @__PURE__ */ a("input", {
					id: "reset-reason",
					class: "input reason",
					placeholder: "kept in the run’s history",
					value: reason,
					onInput: (event) => setReason(event.currentTarget.value)
				})]
			}),
			error !== void 0 && /* @__PURE__ */ a(Failed, {
				error,
				what: "It was not reset"
			}),
			/* @__PURE__ */ a("footer", {
				class: "form-bar",
				children: [/* @__PURE__ */ a("button", {
					type: "button",
					class: "button primary",
					disabled: busy,
					onClick: () => void reset(),
					children: ["Reset after ", name]
				}), /* @__PURE__ */ a("a", {
					class: "button",
					href: runHref(workflowId, runId),
					children: "Cancel"
				})]
			}),
			/* @__PURE__ */ a("details", { children: [/* @__PURE__ */ a("summary", { children: "The same call for curl" }), /* @__PURE__ */ a("pre", {
				class: "snippet mono",
				tabIndex: 0,
				role: "region",
				"aria-label": "curl",
				children: `curl -fsS '${new URL(`${runPath(workflowId, runId)}/reset`, apiRoot()).href}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`
			})] })
		]
	});
}
function Names({ title, names, none, note }) {
	return /* @__PURE__ */ a("section", { children: [/* @__PURE__ */ a("h2", { children: title }), names.length === 0 ? /* @__PURE__ */ a("p", {
		class: "muted",
		children: none
	}) : /* @__PURE__ */ a($, { children: [note !== void 0 && /* @__PURE__ */ a("p", {
		class: "muted",
		children: note
	}), /* @__PURE__ */ a("ul", {
		class: "mono",
		children: names.slice(0, 100).map((name) => /* @__PURE__ */ a("li", { children: name }, name))
	})] })] });
}
function stateOf(node) {
	if (node.error != null) return "failed";
	return node.endedAt == null ? "running" : "completed";
}
/** What follows `#` in a step's name, else the name. */
function shortName(name) {
	return name.slice(name.indexOf("#") + 1);
}
/**
* The rows below a node that can be seen: `toggled` holds the ids of those that are not as they begin, which is folded for
* groups and open for all else.
*/
function rowsOf$1(root, toggled) {
	const rows = [];
	addChildren(rows, root, 0, toggled);
	return rows;
}
function addChildren(rows, parent, depth, toggled) {
	const children = parent.children ?? [];
	const families = /* @__PURE__ */ new Map();
	for (const child of children) {
		const key = `${child.kind}:${child.name}`;
		const family = families.get(key);
		if (family === void 0) families.set(key, [child]);
		else family.push(child);
	}
	for (const child of children) {
		const family = families.get(`${child.kind}:${child.name}`) ?? [];
		if (family.length < 12) addNode(rows, child, depth, toggled);
		else if (family[0] === child) addGroup(rows, `${parent.id}/${child.kind}:${child.name}`, family, depth, toggled);
	}
}
function addNode(rows, node, depth, toggled) {
	const holds = (node.children ?? []).length > 0;
	const open = holds && !toggled.has(node.id);
	rows.push({
		kind: "node",
		id: node.id,
		depth,
		node,
		state: stateOf(node),
		holds,
		open
	});
	if (open) addChildren(rows, node, depth + 1, toggled);
}
var URGENCY = {
	failed: 0,
	running: 1,
	completed: 2
};
function addGroup(rows, id, nodes, depth, toggled) {
	const counts = {
		running: 0,
		completed: 0,
		failed: 0
	};
	for (const node of nodes) counts[stateOf(node)] += 1;
	const open = toggled.has(id);
	const took = nodes.flatMap((node) => node.endedAt == null ? [] : [node.endedAt - node.startedAt]).sort((a, b) => a - b);
	rows.push({
		kind: "group",
		id,
		depth,
		name: shortName(nodes[0]?.name ?? ""),
		nodes,
		counts,
		median: took[Math.floor(took.length / 2)],
		startedAt: Math.min(...nodes.map((node) => node.startedAt)),
		endedAt: counts.running > 0 ? void 0 : Math.max(...nodes.map((node) => node.endedAt ?? 0)),
		open
	});
	if (!open) return;
	const sorted = [...nodes].sort((a, b) => URGENCY[stateOf(a)] - URGENCY[stateOf(b)]);
	for (const node of sorted) addNode(rows, node, depth + 1, toggled);
}
/** From the first start to the last end that is known; `now` is the end of what still runs. */
function spanOf(root, now) {
	let end = root.endedAt ?? now;
	const look = (node) => {
		end = Math.max(end, node.endedAt ?? node.startedAt);
		node.children?.forEach(look);
	};
	look(root);
	return {
		start: root.startedAt,
		end: Math.max(end, root.startedAt + 1)
	};
}
function findNode(root, id) {
	if (root.id === id) return root;
	for (const child of root.children ?? []) {
		const found = findNode(child, id);
		if (found !== void 0) return found;
	}
}
/** The failed step that a failed run ended with: the last one that failed. */
function lastFailed(root) {
	return (root.children ?? []).filter((node) => stateOf(node) === "failed").at(-1);
}
/** Tokens and cost of a node and of all below it. */
function usageOf(root) {
	const attributes = root.attributes ?? {};
	const usage = attributes["llm:usage"] ?? {};
	const own = {
		input: numberOf(usage.input_tokens),
		output: numberOf(usage.output_tokens),
		cost: numberOf(attributes["llm:cost"])
	};
	return (root.children ?? []).map(usageOf).reduce((sum, each) => ({
		input: sum.input + each.input,
		output: sum.output + each.output,
		cost: sum.cost + each.cost
	}), own);
}
function numberOf(value) {
	return typeof value === "number" ? value : 0;
}
// src/parts/inspector.tsx
function Inspector({ path, outline, onClose }) {
	const loaded = useLoaded(`node:${path}:${outline.id}:${outline.endedAt ?? ""}`, async () => {
		return (await ask("GET", `${path}/trace-log?${new URLSearchParams({
			node: outline.id,
			partial: "true"
		})}`)).data;
	});
	return /* @__PURE__ */ a("section", {
		class: "inspector",
		"aria-label": `Details of ${shortName(outline.name)}`,
		children: [
			/* @__PURE__ */ a("header", { children: [
				/* @__PURE__ */ a("h2", {
					class: "mono",
					children: shortName(outline.name)
				}),
				/* @__PURE__ */ a("span", {
					class: `state state-${stateOf(outline)}`,
					children: stateOf(outline)
				}),
				/* @__PURE__ */ a("button", {
					type: "button",
					class: "button small",
					"aria-label": "Close the details",
					onClick: onClose,
					children: "×"
				})
			] }),
			/* @__PURE__ */ a("dl", { children: [
				/* @__PURE__ */ a("dt", { children: "Kind" }),
				/* @__PURE__ */ a("dd", { children: outline.kind }),
				/* @__PURE__ */ a("dt", { children: "Started" }),
				/* @__PURE__ */ a("dd", { children: /* @__PURE__ */ a("time", {
					dateTime: new Date(outline.startedAt).toISOString(),
					children: new Date(outline.startedAt).toLocaleString()
				}) }),
				/* @__PURE__ */ a("dt", { children: "Took" }),
				/* @__PURE__ */ a("dd", { children: outline.endedAt == null ? "still running" : took(outline.endedAt - outline.startedAt) })
			] }),
			loaded.state === "loading" && /* @__PURE__ */ a(Loading, { what: "its values" }),
			loaded.state === "failed" && /* @__PURE__ */ a(Failed, {
				error: loaded.error,
				what: "Its values could not be read"
			}),
			loaded.state === "ready" && /* @__PURE__ */ a(Values, { node: loaded.value })
		]
	});
}
function Values({ node }) {
	const attributes = Object.entries(node.attributes ?? {});
	return /* @__PURE__ */ a($, { children: [
		node.error != null && /* @__PURE__ */ a("div", {
			class: "banner is-bad",
			children: [
				/* @__PURE__ */ a("strong", { children: node.error.name }),
				" ",
				node.error.message,
				node.error.stack != null && /* @__PURE__ */ a("pre", {
					class: "snippet mono",
					tabIndex: 0,
					role: "region",
					"aria-label": "Stack",
					children: node.error.stack
				})
			]
		}),
		/* @__PURE__ */ a(Value, {
			title: "Input",
			label: `Input of ${shortName(node.name)}`,
			value: node.input
		}),
		node.endedAt != null && node.error == null && /* @__PURE__ */ a(Value, {
			title: "Output",
			label: `Output of ${shortName(node.name)}`,
			value: node.output
		}),
		attributes.length > 0 && /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("h3", { children: "Attributes" }), /* @__PURE__ */ a("dl", {
			class: "attributes",
			children: attributes.map(([name, value]) => /* @__PURE__ */ a("div", { children: [/* @__PURE__ */ a("dt", {
				class: "mono",
				children: name
			}), /* @__PURE__ */ a("dd", {
				class: "mono",
				children: typeof value === "string" ? value : writeJson(value, "compact")
			})] }, name))
		})] })
	] });
}
var MAX_SHOWN = 1e5;
/** A value as JSON text, with what to take along. */
function Value({ title, value, label }) {
	const text = value === void 0 ? "" : writeJson(value);
	return /* @__PURE__ */ a("section", {
		class: "value",
		children: [/* @__PURE__ */ a(label === void 0 ? "h2" : "h3", { children: [title, /* @__PURE__ */ a("button", {
			type: "button",
			class: "button small",
			"aria-label": `Copy ${(label ?? title).toLowerCase()}`,
			onClick: () => void navigator.clipboard.writeText(text),
			children: "Copy"
		})] }), /* @__PURE__ */ a("pre", {
			class: "snippet mono",
			tabIndex: 0,
			role: "region",
			"aria-label": label ?? `${title} as JSON`,
			children: text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\n… ${text.length.toLocaleString("en")} characters; copy it to see all` : text
		})]
	});
}
// src/parts/waterfall.tsx
var ROW = 26;
var AHEAD$1 = 10;
function Waterfall({ root, now, chosen, onChoose }) {
	const box = T(null);
	const [toggled, setToggled] = d(/* @__PURE__ */ new Set());
	const [top, setTop] = d(0);
	const [height, setHeight] = d(400);
	const rows = w(() => rowsOf$1(root, toggled), [root, toggled]);
	const span = spanOf(root, now);
	A(() => {
		const element = box.current;
		if (element === null) return;
		const observer = new ResizeObserver(() => setHeight(element.clientHeight));
		observer.observe(element);
		return () => observer.disconnect();
	}, []);
	const first = Math.max(0, Math.floor(top / ROW) - AHEAD$1);
	const seen = rows.slice(first, Math.ceil((top + height) / ROW) + AHEAD$1);
	const toggle = (id) => {
		const next = new Set(toggled);
		if (!next.delete(id)) next.add(id);
		setToggled(next);
	};
	const at = Math.max(0, rows.findIndex((row) => row.id === chosen));
	const go = (index) => {
		const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
		if (row === void 0) return;
		onChoose(row.id);
		const y = rows.indexOf(row) * ROW;
		const element = box.current;
		if (element !== null && (y < element.scrollTop || y + ROW > element.scrollTop + element.clientHeight)) element.scrollTop = y - element.clientHeight / 2;
	};
	const onKeyDown = (event) => {
		const row = rows[at];
		const page = Math.max(1, Math.floor(height / ROW) - 1);
		const move = {
			ArrowDown: at + 1,
			ArrowUp: at - 1,
			Home: 0,
			End: rows.length - 1,
			PageDown: at + page,
			PageUp: at - page
		}[event.key];
		if (move !== void 0) go(move);
		else if (row !== void 0 && isFoldable(row) && (event.key === "ArrowRight" && !row.open || event.key === "ArrowLeft" && row.open)) toggle(row.id);
		else if (event.key === "ArrowLeft" && row !== void 0) go(parentAt(rows, at));
		else return;
		event.preventDefault();
	};
	return /* @__PURE__ */ a("div", {
		class: "waterfall",
		ref: box,
		role: "treegrid",
		"aria-label": "What the run did",
		"aria-rowcount": rows.length,
		tabIndex: 0,
		"aria-activedescendant": rows[at] === void 0 ? void 0 : rowId(rows[at].id),
		onScroll: (event) => setTop(event.currentTarget.scrollTop),
		onKeyDown,
		children: /* @__PURE__ */ a("div", {
			class: "waterfall-all",
			role: "presentation",
			ref: (element) => element?.style.setProperty("height", `${rows.length * ROW}px`),
			children: seen.map((row, index) => /* @__PURE__ */ a(RowView, {
				row,
				index: first + index,
				span,
				now,
				isChosen: row.id === chosen,
				onChoose: () => onChoose(row.id),
				onToggle: () => toggle(row.id)
			}, row.id))
		})
	});
}
function isFoldable(row) {
	return row.kind === "group" || row.holds;
}
function parentAt(rows, at) {
	const depth = rows[at]?.depth ?? 0;
	for (let index = at - 1; index >= 0; index -= 1) if ((rows[index]?.depth ?? 0) < depth) return index;
	return at;
}
function rowId(id) {
	return `row:${id.replace(/\s/g, encodeURIComponent)}`;
}
var SIGNS = {
	running: "◐",
	completed: "✓",
	failed: "✕"
};
function RowView({ row, index, span, now, isChosen, onChoose, onToggle }) {
	const facts = row.kind === "node" ? nodeFacts(row.node) : groupFacts(row);
	const state = row.kind === "node" ? row.state : row.counts.failed > 0 ? "failed" : row.counts.running > 0 ? "running" : "completed";
	const end = facts.endedAt ?? now;
	const whole = span.end - span.start;
	const left = Math.min(100, Math.max(0, (facts.startedAt - span.start) / whole * 100));
	const width = Math.min(100 - left, (end - facts.startedAt) / whole * 100);
	const place = (element) => {
		element?.style.setProperty("left", `${left}%`);
		element?.style.setProperty("width", `max(2px, ${width}%)`);
	};
	const foldable = isFoldable(row);
	return /* @__PURE__ */ a("div", {
		class: `bar-row is-${state}${isChosen ? " is-chosen" : ""}`,
		id: rowId(row.id),
		role: "row",
		"aria-rowindex": index + 1,
		"aria-level": row.depth + 1,
		"aria-selected": isChosen,
		"aria-expanded": foldable ? row.open : void 0,
		ref: (element) => element?.style.setProperty("top", `${index * ROW}px`),
		onClick: onChoose,
		children: [
			/* @__PURE__ */ a("div", {
				class: "bar-name",
				role: "gridcell",
				ref: (element) => element?.style.setProperty("padding-left", `${row.depth * 14 + 4}px`),
				children: [
					/* @__PURE__ */ a("button", {
						type: "button",
						class: "fold",
						tabIndex: -1,
						"aria-hidden": "true",
						disabled: !foldable,
						onClick: (event) => {
							event.stopPropagation();
							onToggle();
						},
						children: foldable ? row.open ? "▾" : "▸" : ""
					}),
					/* @__PURE__ */ a("span", {
						class: "sign",
						role: "img",
						"aria-label": state,
						children: SIGNS[state]
					}),
					/* @__PURE__ */ a("span", {
						class: "mono",
						children: facts.name
					}),
					/* @__PURE__ */ a("span", {
						class: "muted",
						children: facts.note
					})
				]
			}),
			/* @__PURE__ */ a("div", {
				class: "bar-track",
				role: "gridcell",
				children: /* @__PURE__ */ a("span", {
					class: "bar",
					ref: place
				})
			}),
			/* @__PURE__ */ a("div", {
				class: "bar-took muted",
				role: "gridcell",
				children: [took(end - facts.startedAt), facts.endedAt === void 0 && "…"]
			})
		]
	});
}
function nodeFacts(node) {
	const { input, output } = usageOf(node);
	const attempts = (node.children ?? []).filter((child) => child.kind === "attempt").length;
	const notes = [
		node.label ?? "",
		KINDS.has(node.kind) ? "" : node.kind,
		attempts > 0 ? `${attempts + (node.error == null ? 1 : 0)} attempts` : "",
		node.kind === "llm" && input + output > 0 ? `${input} → ${output} tokens` : ""
	];
	return {
		name: shortName(node.name),
		note: notes.filter((note) => note !== "").join(" · "),
		startedAt: node.startedAt,
		endedAt: node.endedAt ?? void 0
	};
}
var KINDS = /* @__PURE__ */ new Set(["step", "attempt"]);
function groupFacts(row) {
	const { failed, running } = row.counts;
	const notes = [`× ${row.nodes.length.toLocaleString("en")}`];
	if (failed > 0) notes.push(`${failed} failed`);
	if (running > 0) notes.push(`${running} running`);
	if (row.median !== void 0) notes.push(`median ${took(row.median)}`);
	return {
		name: row.name,
		note: notes.join(" · "),
		startedAt: row.startedAt,
		endedAt: row.endedAt
	};
}
// src/api/live.ts
var STREAMS = 4;
var HIDDEN_FOR = 2e4;
var POLLED_EVERY = 5e3;
/**
* Tell of each batch of events of a run, and of its end; a stream that was cut goes on where it stopped. Where other windows
* hold all streams, or the stream is refused, `onNews` is called every 5 s instead.
*/
function follow(path, onNews, onEnd) {
	let source;
	let release;
	let poll;
	let hide;
	let lastId = "";
	let closed = false;
	const stop = () => {
		source?.close();
		source = void 0;
		release?.();
		release = void 0;
		clearInterval(poll);
		poll = void 0;
	};
	const startPolling = () => {
		poll ??= setInterval(() => document.visibilityState === "visible" && onNews(), POLLED_EVERY);
	};
	const open = async () => {
		const slot = await takeSlot();
		if (closed || source !== void 0 || poll !== void 0) return slot?.();
		if (slot === void 0) return startPolling();
		release = slot;
		const url = new URL(`${path}/history/stream`, apiRoot());
		if (lastId !== "") url.searchParams.set("lastEventId", lastId);
		source = new EventSource(url);
		source.addEventListener("history", (event) => {
			lastId = event.lastEventId;
			onNews();
		});
		source.addEventListener("done", () => {
			stop();
			closed = true;
			onEnd();
		});
		source.addEventListener("error", () => {
			if (source?.readyState !== EventSource.CLOSED) return;
			stop();
			if (!closed) startPolling();
			onNews();
		});
	};
	const onVisibility = () => {
		clearTimeout(hide);
		if (document.visibilityState === "hidden") hide = setTimeout(stop, HIDDEN_FOR);
		else if (!closed && source === void 0 && poll === void 0) {
			open();
			onNews();
		}
	};
	document.addEventListener("visibilitychange", onVisibility);
	open();
	return { close: () => {
		closed = true;
		clearTimeout(hide);
		document.removeEventListener("visibilitychange", onVisibility);
		stop();
	} };
}
/** One of the places that all windows of this origin share; a function gives it back. */
async function takeSlot() {
	if (navigator.locks === void 0) return () => void 0;
	for (let slot = 0; slot < STREAMS; slot += 1) {
		const taken = await new Promise((tell) => {
			navigator.locks.request(`output-stream-${slot}`, { ifAvailable: true }, (lock) => {
				if (lock === null) return tell(void 0);
				return new Promise((free) => tell(() => free()));
			});
		});
		if (taken !== void 0) return taken;
	}
}
// src/story/read.ts
var SOONEST = 300;
var LATEST = 2e3;
var SHARE = 5;
function useStory(workflowId, runId) {
	const [story, setStory] = d();
	const [error, setError] = d();
	const [refresh, setRefresh] = d(() => () => void 0);
	A(() => {
		const reader = new StoryReader(workflowId, runId, setStory, setError);
		setRefresh(() => reader.wish);
		reader.wish();
		return reader.close;
	}, [workflowId, runId]);
	return {
		story,
		error,
		refresh
	};
}
var StoryReader = class {
	story;
	live;
	timer;
	busy = false;
	wished = false;
	closed = false;
	pause = 0;
	workflowId;
	runId;
	tell;
	tellError;
	constructor(workflowId, runId, tell, tellError) {
		this.workflowId = workflowId;
		this.runId = runId;
		this.tell = tell;
		this.tellError = tellError;
	}
	/** Read soon, once for all who wish it meanwhile. */
	wish = () => {
		if (this.closed) return;
		this.wished = true;
		if (this.busy || this.timer !== void 0) return;
		this.timer = setTimeout(() => void this.read(), this.pause);
	};
	close = () => {
		this.closed = true;
		clearTimeout(this.timer);
		this.live?.close();
	};
	async read() {
		this.timer = void 0;
		this.busy = true;
		this.wished = false;
		const began = performance.now();
		try {
			const story = await readStory(this.workflowId, this.runId, this.story);
			if (this.closed) return;
			this.story = story;
			this.tell(story);
			this.tellError(void 0);
			if (story.status.status === "running") this.live ??= follow(story.path, this.wish, this.wish);
			else this.live?.close();
		} catch (failure) {
			if (!this.closed) this.tellError(ApiError.of(failure));
		} finally {
			this.busy = false;
			this.pause = Math.min(LATEST, Math.max(SOONEST, (performance.now() - began) * SHARE));
			if (this.wished) this.wish();
		}
	}
};
async function readStory(workflowId, runId, before) {
	const status = await ask("GET", `${before?.path ?? runPath(workflowId, runId)}/status`);
	const path = runPath(workflowId, status.runId);
	const [input, workflowType] = before === void 0 ? await Promise.all([readInput(path), readType(path)]) : [before.input, before.workflowType];
	const [result, root] = await Promise.all([status.status === "running" ? void 0 : ask("GET", `${path}/result`), ask("GET", `${path}/trace-log?values=none&partial=true`).then(({ data }) => data, (error) => {
		if (error instanceof ApiError && error.status === 404) return void 0;
		throw error;
	})]);
	return {
		path,
		status,
		workflowType,
		input,
		result,
		root
	};
}
async function readInput(path) {
	return (await ask("GET", `${path}/input`)).input;
}
async function readType(path) {
	return (await ask("GET", `${path}/history/events/1`)).workflowExecutionStartedEventAttributes?.workflowType?.name ?? "";
}
// src/forms/calls.ts
function startCalls(call) {
	const { workflowName, input, workflowId, conflictPolicy } = call;
	const body = { workflowName };
	if (input !== void 0) body.input = input;
	if (workflowId !== "") body.workflowId = workflowId;
	if (conflictPolicy !== "fail") body.conflictPolicy = conflictPolicy;
	const words = ["output workflow start", shellWord(workflowName)];
	if (input !== void 0) words.push("--input", shellWord(writeJson(input, "compact")));
	if (workflowId !== "") words.push("--workflow-id", shellWord(workflowId));
	if (conflictPolicy !== "fail") words.push("--if-running", conflictPolicy);
	const given = [JSON.stringify(workflowName)];
	if (input !== void 0) given.push(pythonLiteral(input, 8));
	if (workflowId !== "") given.push(`workflow_id=${pythonText(workflowId)}`);
	if (conflictPolicy !== "fail") given.push(`conflict_policy=${pythonText(conflictPolicy)}`);
	return {
		curl: curl(call, "/workflow/start", body),
		cli: words.join(" "),
		python: python(call.origin, `run = await client.start(${given.join(", ")})`)
	};
}
function messageCalls(call) {
	const { workflowId, kind, name, payload } = call;
	const path = `/workflow/${encodeURIComponent(workflowId)}/${kind}${kind === "feedback" ? "" : `/${encodeURIComponent(name)}`}`;
	const words = [
		"output workflow",
		kind,
		shellWord(workflowId),
		...kind === "feedback" ? [] : [shellWord(name)]
	];
	if (payload !== void 0) words.push("--payload", shellWord(writeJson(payload, "compact")));
	const given = [workflowId, ...kind === "feedback" ? [] : [name]].map(pythonText);
	if (payload !== void 0) given.push(pythonLiteral(payload, 8));
	const result = kind === "query" || kind === "update" ? "result = " : "";
	return {
		curl: curl(call, path, payload === void 0 ? {} : { payload }),
		cli: words.join(" "),
		python: python(call.origin, `${result}await client.runs.${kind}(${given.join(", ")})`)
	};
}
function curl(call, path, body) {
	const lines = [`curl -fsS ${shellWord(call.origin + path)} \\`, "  -H 'Content-Type: application/json' \\"];
	if (call.needsToken) lines.push("  -H \"Authorization: Bearer $OUTPUT_API_AUTH_TOKEN\" \\");
	lines.push(`  -d ${shellQuoted(writeJson(body, "compact"))}`);
	return lines.join("\n");
}
function python(origin, call) {
	return `from output.client import Client\n\nasync with Client(${pythonText(origin)}) as client:\n    ${call}\n`;
}
function shellWord(text) {
	return /^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text);
}
function shellQuoted(text) {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
function pythonText(text) {
	return JSON.stringify(text);
}
/** A value as Python writes it, broken into lines where it is long. */
function pythonLiteral(value, indent = 4) {
	if (value === null) return "None";
	if (typeof value === "boolean") return value ? "True" : "False";
	if (typeof value === "string") return pythonText(value);
	if (isNumber(value)) return numberText(value);
	const parts = Array.isArray(value) ? value.map((item) => pythonLiteral(item, indent + 4)) : Object.entries(value).map(([key, item]) => `${pythonText(key)}: ${pythonLiteral(item, indent + 4)}`);
	const [open, close] = isObject(value) ? ["{", "}"] : ["[", "]"];
	const line = `${open}${parts.join(", ")}${close}`;
	if (line.length <= 72 && !line.includes("\n")) return line;
	const pad = " ".repeat(indent);
	return `${open}\n${parts.map((part) => `${pad}${part},\n`).join("")}${" ".repeat(indent - 4)}${close}`;
}
// src/forms/snippets.tsx
var NAMES = {
	curl: "curl",
	cli: "Command line",
	python: "Python"
};
function CallSnippets({ calls, leavesOutSecrets }) {
	const [shown, setShown] = d("curl");
	const [copied, setCopied] = d(false);
	const copy = async () => {
		await navigator.clipboard.writeText(calls[shown]);
		setCopied(true);
		setTimeout(() => setCopied(false), 1500);
	};
	return /* @__PURE__ */ a("details", {
		class: "calls",
		children: [
			/* @__PURE__ */ a("summary", { children: "The same call as curl, command line, Python" }),
			/* @__PURE__ */ a("div", {
				class: "calls-bar",
				children: [/* @__PURE__ */ a("span", {
					role: "group",
					"aria-label": "Language",
					children: Object.keys(NAMES).map((name) => /* @__PURE__ */ a("button", {
						type: "button",
						class: "tab",
						"aria-pressed": shown === name,
						onClick: () => setShown(name),
						children: NAMES[name]
					}, name))
				}), /* @__PURE__ */ a("button", {
					type: "button",
					class: "button small",
					onClick: copy,
					children: copied ? "Copied" : "Copy"
				})]
			}),
			/* @__PURE__ */ a("pre", {
				class: "snippet mono",
				tabIndex: 0,
				role: "region",
				"aria-label": NAMES[shown],
				children: calls[shown]
			}),
			leavesOutSecrets && /* @__PURE__ */ a("p", {
				class: "hint",
				children: "Secrets are left out."
			})
		]
	});
}
// src/pages/message.tsx
var ORDER = [
	"signal",
	"update",
	"query"
];
var FEEDBACK = {
	kind: "feedback",
	name: "feedback",
	description: "Answers the oldest wait of this run for feedback.",
	schema: null
};
function MessagePanel({ workflowId, workflowType, onSent }) {
	const loaded = useLoaded(`messages:${workflowType}`, () => readWorkflow(workflowType));
	const [at, setAt] = d(0);
	const [sent, setSent] = d([]);
	if (loaded.state === "loading") return /* @__PURE__ */ a(Loading, { what: "messages" });
	if (loaded.state === "failed") return /* @__PURE__ */ a(Failed, {
		error: loaded.error,
		what: "What this run can be told is not known"
	});
	const tabs = [...ORDER.flatMap((kind) => loaded.value.handlers.filter((handler) => handler.kind === kind)).map((handler) => ({
		kind: handler.kind,
		name: handler.name,
		description: handler.description,
		schema: handler.inputSchema
	})), FEEDBACK];
	const tab = tabs[at] ?? FEEDBACK;
	return /* @__PURE__ */ a("div", {
		class: "messages",
		children: [
			/* @__PURE__ */ a("div", {
				class: "tabs",
				role: "tablist",
				"aria-label": "Messages",
				onKeyDown: (event) => move(event, at, tabs.length, setAt),
				children: tabs.map((each, index) => /* @__PURE__ */ a("button", {
					type: "button",
					role: "tab",
					id: `message-tab-${index}`,
					"aria-selected": index === at,
					"aria-controls": "message-panel",
					tabIndex: index === at ? 0 : -1,
					class: "tab",
					onClick: () => setAt(index),
					children: [
						/* @__PURE__ */ a("span", {
							class: "mono",
							children: each.name
						}),
						" ",
						each.kind !== "feedback" && /* @__PURE__ */ a("small", {
							class: "muted",
							children: each.kind
						})
					]
				}, `${each.kind}:${each.name}`))
			}),
			/* @__PURE__ */ a("div", {
				role: "tabpanel",
				id: "message-panel",
				"aria-labelledby": `message-tab-${at}`,
				children: /* @__PURE__ */ a(MessageForm, {
					workflowId,
					tab,
					onSent: (message) => {
						setSent([message, ...sent]);
						onSent?.();
					}
				}, `${tab.kind}:${tab.name}`)
			}),
			sent.length > 0 && /* @__PURE__ */ a(SentList, { sent })
		]
	});
}
function move(event, at, count, go) {
	const next = {
		ArrowRight: at + 1,
		ArrowLeft: at - 1,
		Home: 0,
		End: count - 1
	}[event.key];
	if (next === void 0) return;
	event.preventDefault();
	const index = (next + count) % count;
	go(index);
	document.getElementById(`message-tab-${index}`)?.focus();
}
var VERBS = {
	signal: "Send",
	query: "Ask",
	update: "Update",
	feedback: "Answer"
};
function MessageForm({ workflowId, tab, onSent }) {
	const schema = tab.schema ?? true;
	const place = {
		schema,
		root: schema
	};
	const takesNothing = tab.schema !== null && shapeOf(place).kind === "null";
	const root = T(null);
	const [value, setValue] = d(() => takesNothing ? void 0 : seedOf(place));
	const [issues, setIssues] = d(NO_ISSUES);
	const [error, setError] = d();
	const [busy, setBusy] = d(false);
	useFaultFocus(root, issues);
	const send = async () => {
		if (busy) return;
		setBusy(true);
		const payload = withoutSecrets(place, value);
		const path = `${runPath(workflowId)}/${tab.kind}${tab.kind === "feedback" ? "" : `/${encodeURIComponent(tab.name)}`}`;
		try {
			const answer = await ask("POST", path, value === void 0 ? {} : { payload: value });
			setIssues(NO_ISSUES);
			setError(void 0);
			onSent({
				at: /* @__PURE__ */ new Date(),
				tab,
				payload,
				answer: tab.kind === "query" || tab.kind === "update" ? answer : void 0,
				error: void 0
			});
		} catch (failure) {
			const failed = ApiError.of(failure);
			setIssues(placeIssues(failed.issues, "payload", place, value));
			setError(failed);
			if (failed.issues.length === 0) onSent({
				at: /* @__PURE__ */ new Date(),
				tab,
				payload,
				answer: void 0,
				error: failed.message
			});
		} finally {
			setBusy(false);
		}
	};
	const calls = messageCalls({
		origin: apiRoot().href.replace(/\/$/, ""),
		needsToken: needsLogin(),
		workflowId,
		kind: tab.kind,
		name: tab.name,
		payload: withoutSecrets(place, value)
	});
	return /* @__PURE__ */ a("form", {
		ref: root,
		noValidate: true,
		"aria-label": `${VERBS[tab.kind]} ${tab.name}`,
		onSubmit: (event) => event.preventDefault(),
		onKeyDown: (event) => {
			if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
			event.preventDefault();
			send();
		},
		children: [
			tab.description !== null && /* @__PURE__ */ a("p", {
				class: "muted",
				children: tab.description
			}),
			/* @__PURE__ */ a(FaultSummary, {
				issues,
				error: issues.at.size > 0 ? error : void 0,
				form: root,
				nothing: "Nothing was sent."
			}),
			takesNothing ? /* @__PURE__ */ a("p", {
				class: "muted",
				children: "It takes nothing."
			}) : /* @__PURE__ */ a(ValueEditor, {
				place,
				value,
				onChange: setValue,
				issues,
				name: "payload"
			}),
			/* @__PURE__ */ a("footer", {
				class: "form-bar",
				children: /* @__PURE__ */ a("button", {
					type: "button",
					class: "button primary",
					disabled: busy,
					onClick: () => void send(),
					children: [
						VERBS[tab.kind],
						" ",
						tab.name,
						" ",
						/* @__PURE__ */ a("kbd", { children: "Ctrl ⏎" })
					]
				})
			}),
			/* @__PURE__ */ a(CallSnippets, {
				calls,
				leavesOutSecrets: hasSecrets(place, value)
			})
		]
	});
}
function SentList({ sent }) {
	return /* @__PURE__ */ a("section", {
		class: "sent",
		"aria-label": "Sent from here",
		"aria-live": "polite",
		children: [/* @__PURE__ */ a("h3", { children: "Sent from here" }), /* @__PURE__ */ a("ol", { children: sent.map((message) => /* @__PURE__ */ a("li", { children: [
			/* @__PURE__ */ a("span", {
				class: "muted",
				children: message.at.toLocaleTimeString()
			}),
			" ",
			/* @__PURE__ */ a("span", {
				class: "mono",
				children: message.tab.name
			}),
			" ",
			message.payload !== void 0 && /* @__PURE__ */ a("code", { children: writeJson(message.payload, "compact").slice(0, 200) }),
			message.answer !== void 0 && /* @__PURE__ */ a("pre", {
				class: "snippet mono answer",
				children: writeJson(message.answer)
			}),
			message.error !== void 0 && /* @__PURE__ */ a("p", {
				class: "fault",
				children: message.error
			}),
			message.error === void 0 && message.answer === void 0 && /* @__PURE__ */ a("span", {
				class: "ok",
				children: " delivered"
			})
		] }, message.at.getTime())) })]
	});
}
// src/pages/run.tsx
function RunPage({ workflowId, runId, chosen }) {
	const { story, error, refresh } = useStory(workflowId, runId);
	const isOpen = story?.status.status === "running";
	const now = useNow(isOpen);
	if (story === void 0) return error === void 0 ? /* @__PURE__ */ a(Loading, { what: workflowId }) : /* @__PURE__ */ a(FailedPage, {
		error,
		title: workflowId
	});
	const choose = (id) => {
		const query = id === void 0 ? "" : `?${new URLSearchParams({ row: id })}`;
		navigate(`${runHref(workflowId, story.status.runId)}${query}`, { replace: true });
	};
	const node = chosen === void 0 || story.root === void 0 ? void 0 : findNode(story.root, chosen);
	return /* @__PURE__ */ a("section", {
		class: "page run-page",
		"aria-labelledby": "page-title",
		children: [
			/* @__PURE__ */ a(Head, {
				workflowId,
				story,
				now,
				onChanged: refresh
			}),
			error !== void 0 && /* @__PURE__ */ a(Failed, {
				error,
				what: "This may be out of date"
			}),
			/* @__PURE__ */ a(Fault, {
				story,
				onChoose: choose
			}),
			story.root === void 0 ? /* @__PURE__ */ a("p", {
				class: "muted",
				children: "What it did is not known: tracing was off when it started."
			}) : /* @__PURE__ */ a("div", {
				class: node === void 0 ? "story" : "story is-inspected",
				children: [/* @__PURE__ */ a(Waterfall, {
					root: story.root,
					now,
					chosen,
					onChoose: choose
				}), node !== void 0 && /* @__PURE__ */ a(Inspector, {
					path: story.path,
					outline: node,
					onClose: () => choose(void 0)
				})]
			}),
			/* @__PURE__ */ a("div", {
				class: "values",
				children: [/* @__PURE__ */ a(Value, {
					title: "Input",
					value: story.input
				}), story.result?.status === "completed" && /* @__PURE__ */ a(Value, {
					title: "Output",
					value: story.result.output
				})]
			}),
			isOpen && /* @__PURE__ */ a("section", {
				class: "part",
				children: [/* @__PURE__ */ a("h2", { children: "Messages" }), /* @__PURE__ */ a(MessagePanel, {
					workflowId,
					workflowType: story.workflowType,
					onSent: refresh
				})]
			})
		]
	});
}
/** The time by this page's clock, which goes on while something runs. */
function useNow(runs) {
	const [now, setNow] = d(Date.now);
	A(() => {
		if (!runs) return;
		const timer = setInterval(() => setNow(Date.now()), 500);
		return () => clearInterval(timer);
	}, [runs]);
	return now;
}
function Head({ workflowId, story, now, onChanged }) {
	const [error, setError] = d();
	const { status, workflowType, path, root } = story;
	const act = (method, word) => {
		ask(method, `${path}/${word}`, {}).then(onChanged, setError);
	};
	const again = `workflows/${encodeURIComponent(workflowType)}/start?${new URLSearchParams({
		from: workflowId,
		run: status.runId
	})}`;
	const usage = root === void 0 ? void 0 : usageOf(root);
	return /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("header", {
		class: "page-head",
		children: [
			/* @__PURE__ */ a("h1", {
				id: "page-title",
				class: "mono",
				children: workflowId
			}),
			/* @__PURE__ */ a(StatusWord, { status: status.status }),
			/* @__PURE__ */ a("span", {
				class: "muted",
				children: [
					/* @__PURE__ */ a("a", {
						href: `workflows/${encodeURIComponent(workflowType)}`,
						children: workflowType
					}),
					", started",
					" ",
					/* @__PURE__ */ a(Ago, { moment: new Date(status.startedAt).toISOString() }),
					",",
					" ",
					status.completedAt == null ? `running for ${took(Math.max(0, now - status.startedAt))}` : `took ${took(status.completedAt - status.startedAt)}`,
					usage !== void 0 && usage.input + usage.output > 0 && `, ${usage.input} → ${usage.output} tokens`,
					usage !== void 0 && usage.cost > 0 && `, cost ${usage.cost.toPrecision(3)}`
				]
			}),
			/* @__PURE__ */ a("span", {
				class: "page-actions",
				children: [
					status.status === "running" && /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("button", {
						type: "button",
						class: "button small",
						onClick: () => act("PATCH", "stop"),
						children: "Stop"
					}), /* @__PURE__ */ a("button", {
						type: "button",
						class: "button small",
						onClick: () => confirm(`End ${workflowId} at once, without its clean-up?`) && act("POST", "terminate"),
						children: "Terminate"
					})] }),
					/* @__PURE__ */ a("a", {
						class: "button small",
						href: `${runHref(workflowId, status.runId)}/reset`,
						children: "Reset…"
					}),
					/* @__PURE__ */ a("a", {
						class: "button small",
						href: compareHref(workflowId, status.runId),
						children: "Compare…"
					}),
					/* @__PURE__ */ a("a", {
						class: "button small",
						href: again,
						"data-key": "r",
						children: "Run again…"
					})
				]
			})
		]
	}), error !== void 0 && /* @__PURE__ */ a(Failed, {
		error,
		what: "That did not work"
	})] });
}
/** Why it failed, or does not get on, before all else. */
function Fault({ story, onChoose }) {
	const { result, status, root } = story;
	if (status.problem != null) return /* @__PURE__ */ a("div", {
		class: "banner is-bad",
		role: "status",
		children: [
			/* @__PURE__ */ a("strong", { children: "It does not get on." }),
			" ",
			status.problem.message
		]
	});
	if (result?.error == null) return null;
	const { name, message, activityType: step } = result.error;
	const row = root === void 0 ? void 0 : lastFailed(root);
	return /* @__PURE__ */ a("div", {
		class: "banner is-bad",
		children: [
			/* @__PURE__ */ a("strong", { children: name }),
			" ",
			message,
			step !== void 0 && /* @__PURE__ */ a("p", { children: [
				"in",
				" ",
				row === void 0 ? /* @__PURE__ */ a("span", {
					class: "mono",
					children: step
				}) : /* @__PURE__ */ a("button", {
					type: "button",
					class: "linklike mono",
					onClick: () => onChoose(row.id),
					children: step
				})
			] })
		]
	});
}
// src/parts/bulk.tsx
var AT_ONCE = 4;
var ASKED_FROM = 10;
var ACTIONS = [{
	word: "Stop",
	done: "stopped",
	isHarsh: false,
	run: (run) => ask("PATCH", `${runPath(run.workflowId, run.runId)}/stop`)
}, {
	word: "Terminate",
	done: "terminated",
	isHarsh: true,
	run: (run) => ask("POST", `${runPath(run.workflowId, run.runId)}/terminate`, {})
}];
function BulkBar({ chosen, onDone, onClear }) {
	const [progress, setProgress] = d();
	const isStopped = T(false);
	const open = chosen.filter((run) => run.status === "running");
	const act = async (action, runs) => {
		isStopped.current = false;
		let state = {
			action,
			total: runs.length,
			done: 0,
			failed: [],
			isOver: false
		};
		setProgress(state);
		const waiting = [...runs];
		const work = async () => {
			for (let run = waiting.shift(); run !== void 0 && !isStopped.current; run = waiting.shift()) {
				try {
					await action.run(run);
					state = {
						...state,
						done: state.done + 1
					};
				} catch (error) {
					const message = ApiError.of(error).message;
					state = {
						...state,
						failed: [...state.failed, {
							run,
							message
						}]
					};
				}
				setProgress(state);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, work));
		setProgress({
			...state,
			isOver: true
		});
		onDone();
	};
	const begin = (action) => {
		if (agrees(action, open.length)) act(action, open);
	};
	if (chosen.length === 0 && progress === void 0) return null;
	return /* @__PURE__ */ a("div", {
		class: "bulk",
		role: "region",
		"aria-label": "Chosen runs",
		children: [
			(progress === void 0 || progress.isOver) && chosen.length > 0 && /* @__PURE__ */ a("div", {
				class: "bulk-line",
				children: [
					/* @__PURE__ */ a("strong", { children: [chosen.length.toLocaleString("en"), " chosen"] }),
					open.length < chosen.length && /* @__PURE__ */ a("span", {
						class: "muted",
						children: open.length === 0 ? "none is running" : `${open.length} running`
					}),
					ACTIONS.map((action) => /* @__PURE__ */ a("button", {
						type: "button",
						class: "button small",
						disabled: open.length === 0,
						onClick: () => begin(action),
						children: [
							action.word,
							" ",
							open.length
						]
					}, action.word)),
					/* @__PURE__ */ a("button", {
						type: "button",
						class: "button small",
						onClick: onClear,
						children: "Choose none"
					})
				]
			}),
			progress !== void 0 && /* @__PURE__ */ a("div", {
				class: "bulk-line",
				role: "status",
				children: [
					/* @__PURE__ */ a("progress", {
						max: progress.total,
						value: progress.done + progress.failed.length,
						"aria-label": progress.action.word
					}),
					/* @__PURE__ */ a("span", { children: [
						progress.done,
						" of ",
						progress.total,
						" ",
						progress.action.done,
						progress.failed.length > 0 && `, ${progress.failed.length} failed`
					] }),
					!progress.isOver && /* @__PURE__ */ a("button", {
						type: "button",
						class: "button small",
						onClick: () => isStopped.current = true,
						children: "Do no more"
					}),
					progress.isOver && progress.failed.length > 0 && /* @__PURE__ */ a("button", {
						type: "button",
						class: "button small",
						onClick: () => void act(progress.action, progress.failed.map((each) => each.run)),
						children: "Try those again"
					}),
					progress.isOver && /* @__PURE__ */ a("button", {
						type: "button",
						class: "button small",
						onClick: () => setProgress(void 0),
						children: "Close"
					})
				]
			}),
			progress !== void 0 && progress.failed.length > 0 && /* @__PURE__ */ a("ul", {
				class: "bulk-failed",
				children: progress.failed.slice(0, 20).map(({ run, message }) => /* @__PURE__ */ a("li", { children: [
					/* @__PURE__ */ a("a", {
						class: "mono",
						href: runHref(run.workflowId, run.runId),
						children: run.workflowId
					}),
					" ",
					message
				] }, run.runId))
			})
		]
	});
}
function agrees(action, count) {
	const what = `${action.word} ${count === 1 ? "1 run" : `${count} runs`}`;
	if (!action.isHarsh) return confirm(`${what}? Each ends with its clean-up.`);
	if (count < ASKED_FROM) return confirm(`${what}? Each ends at once, without its clean-up.`);
	return prompt(`${what} at once, without clean-up? Write “terminate” to do it.`)?.trim().toLowerCase() === "terminate";
}
// src/parts/window.ts
var AHEAD = 15;
var FEW = 60;
/** The rows of a table that is scrolled with its page; all its rows have the height of the first one. */
function useWindow(table, count) {
	const [range, setRange] = d({
		first: 0,
		last: FEW,
		height: 0
	});
	F(() => {
		const look = () => {
			const body = table.current;
			const height = body?.querySelector("tr[data-row]")?.offsetHeight ?? 0;
			if (body === null || height === 0) return;
			const top = -body.getBoundingClientRect().top;
			const first = Math.max(0, Math.floor(top / height) - AHEAD);
			const last = Math.ceil((top + innerHeight) / height) + AHEAD;
			setRange((now) => now.first === first && now.last === last && now.height === height ? now : {
				first,
				last,
				height
			});
		};
		look();
		addEventListener("scroll", look, { passive: true });
		addEventListener("resize", look);
		return () => {
			removeEventListener("scroll", look);
			removeEventListener("resize", look);
		};
	}, [count]);
	if (count <= FEW) return {
		first: 0,
		last: count,
		above: 0,
		below: 0
	};
	const first = Math.min(range.first, Math.max(0, count - FEW));
	const last = Math.min(count, Math.max(range.last, first + FEW));
	return {
		first,
		last,
		above: first * range.height,
		below: (count - last) * range.height
	};
}
// src/pages/runs.tsx
var STATES = [
	"running",
	"completed",
	"failed",
	"canceled",
	"terminated",
	"timed_out",
	"continued_as_new"
];
var PROBLEMS = [
	"step_failing",
	"no_worker",
	"code_changed",
	"workflow_task_failing",
	"near_limit"
];
var SINCE = {
	"15 minutes": 900,
	hour: 3600,
	"24 hours": 86400,
	"7 days": 604800
};
var FILTERS = [
	"workflowType",
	"status",
	"workflowId",
	"problem",
	"startedAfter"
];
var EVERY = 5e3;
var MOST_CHOSEN = 500;
function RunsPage({ query }) {
	const wanted = new URLSearchParams();
	for (const name of FILTERS) {
		const value = query.get(name);
		if (value !== null && value !== "") wanted.set(name, value);
	}
	const [round, setRound] = d(0);
	const key = wanted.toString();
	const loaded = useLoaded(`runs:${key}:${round}`, () => readPage(wanted, void 0));
	const filter = (name, value) => {
		const next = new URLSearchParams(wanted);
		if (value === "") next.delete(name);
		else next.set(name, value);
		const text = next.toString();
		navigate(text === "" ? "runs" : `runs?${text}`);
	};
	return /* @__PURE__ */ a("section", {
		class: "page runs-page",
		"aria-labelledby": "page-title",
		children: [
			/* @__PURE__ */ a("header", {
				class: "page-head",
				children: [/* @__PURE__ */ a("h1", {
					id: "page-title",
					children: "Runs"
				}), /* @__PURE__ */ a(Filters, {
					wanted,
					filter
				})]
			}),
			loaded.state === "loading" && /* @__PURE__ */ a(Loading, { what: "runs" }),
			loaded.state === "failed" && /* @__PURE__ */ a(Failed, {
				error: loaded.error,
				what: "The runs could not be read"
			}),
			loaded.state === "ready" && /* @__PURE__ */ a(Rows, {
				first: loaded.value,
				wanted,
				onReload: () => setRound((each) => each + 1)
			}, `${key}:${round}`)
		]
	});
}
function Filters({ wanted, filter }) {
	const since = wanted.get("startedAfter");
	return /* @__PURE__ */ a("div", {
		class: "filters",
		role: "search",
		"aria-label": "Filters",
		children: [
			/* @__PURE__ */ a(Choice, {
				name: "status",
				label: "Status",
				none: "any status",
				values: STATES,
				wanted,
				filter
			}),
			/* @__PURE__ */ a(Choice, {
				name: "problem",
				label: "Problem",
				none: "any problem",
				values: PROBLEMS,
				wanted,
				filter
			}),
			/* @__PURE__ */ a("select", {
				class: "input",
				"aria-label": "Started",
				value: since === null ? "" : "kept",
				onChange: (event) => {
					const seconds = Number(event.currentTarget.value);
					filter("startedAfter", seconds > 0 ? (/* @__PURE__ */ new Date(Date.now() - seconds * 1e3)).toISOString() : "");
				},
				children: [
					/* @__PURE__ */ a("option", {
						value: "",
						children: "any time"
					}),
					since !== null && /* @__PURE__ */ a("option", {
						value: "kept",
						children: ["since ", new Date(readMoment(since)).toLocaleString()]
					}),
					Object.entries(SINCE).map(([words, seconds]) => /* @__PURE__ */ a("option", {
						value: seconds,
						children: ["last ", words]
					}, words))
				]
			}),
			/* @__PURE__ */ a("input", {
				class: "input filter mono",
				type: "search",
				"data-filter": true,
				"aria-label": "Workflow ID",
				placeholder: "workflow ID",
				value: wanted.get("workflowId") ?? "",
				onChange: (event) => filter("workflowId", event.currentTarget.value.trim())
			}),
			wanted.has("workflowType") && /* @__PURE__ */ a("button", {
				type: "button",
				class: "button small",
				"aria-label": `All workflows, not only ${wanted.get("workflowType")}`,
				onClick: () => filter("workflowType", ""),
				children: [wanted.get("workflowType"), " ×"]
			}),
			wanted.size > 0 && /* @__PURE__ */ a("a", {
				class: "quiet-link",
				href: "runs",
				children: "All runs"
			})
		]
	});
}
function readMoment(text) {
	return /^\d+$/.test(text) ? Number(text) : text;
}
function Choice({ name, label, none, values, wanted, filter }) {
	return /* @__PURE__ */ a("select", {
		class: "input",
		"aria-label": label,
		value: wanted.get(name) ?? "",
		onChange: (event) => filter(name, event.currentTarget.value),
		children: [/* @__PURE__ */ a("option", {
			value: "",
			children: none
		}), values.map((value) => /* @__PURE__ */ a("option", {
			value,
			children: value.replaceAll("_", " ")
		}, value))]
	});
}
async function readPage(wanted, token) {
	const query = new URLSearchParams(wanted);
	query.set("limit", "100");
	query.set("problems", "true");
	if (token !== void 0) query.set("pageToken", token);
	return ask("GET", `workflow/runs?${query}`);
}
/** The first page again every few seconds: what changed is shown, what is new is counted. */
function useNews(wanted, known) {
	const [fresh, setFresh] = d(/* @__PURE__ */ new Map());
	A(() => {
		const timer = setInterval(() => {
			if (document.visibilityState !== "visible") return;
			readPage(wanted, void 0).then(({ runs }) => setFresh(new Map(runs.map((run) => [run.runId, run]))), () => void 0);
		}, EVERY);
		return () => clearInterval(timer);
	}, []);
	return {
		fresh,
		news: [...fresh.keys()].filter((runId) => !known.has(runId)).length
	};
}
function Rows({ first, wanted, onReload }) {
	const [pages, setPages] = d([first]);
	const [error, setError] = d();
	const [busy, setBusy] = d(false);
	const [chosen, setChosen] = d(/* @__PURE__ */ new Set());
	const body = T(null);
	const end = T(null);
	const byId = w(() => new Map(pages.flatMap((page) => page.runs).map((run) => [run.runId, run])), [pages]);
	const { fresh, news } = useNews(wanted, byId);
	const runs = [...byId.values()].map((run) => fresh.get(run.runId) ?? run);
	const seen = useWindow(body, runs.length);
	const token = pages.at(-1)?.nextPageToken ?? void 0;
	const more = async () => {
		setBusy(true);
		try {
			const next = await readPage(wanted, token);
			setPages((now) => [...now, next]);
			setError(void 0);
		} catch (failure) {
			setError(ApiError.of(failure));
		} finally {
			setBusy(false);
		}
	};
	A(() => {
		const mark = end.current;
		if (mark === null || token === void 0 || busy || error !== void 0) return;
		const watch = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting === true && void more(), { rootMargin: "600px" });
		watch.observe(mark);
		return () => watch.disconnect();
	}, [
		token,
		busy,
		error
	]);
	const choose = (ids, isChosen) => {
		const next = new Set(chosen);
		for (const id of ids) if (isChosen) next.add(id);
		else next.delete(id);
		setChosen(new Set([...next].slice(0, MOST_CHOSEN)));
	};
	if (runs.length === 0 && news === 0) return /* @__PURE__ */ a(Empty$1, { isFiltered: wanted.size > 0 });
	const ids = runs.map((run) => run.runId);
	const isAll = chosen.size > 0 && ids.slice(0, MOST_CHOSEN).every((id) => chosen.has(id));
	return /* @__PURE__ */ a($, { children: [
		/* @__PURE__ */ a("div", {
			class: "news",
			"aria-live": "polite",
			children: news > 0 && /* @__PURE__ */ a("button", {
				type: "button",
				class: "button small",
				onClick: onReload,
				children: [
					news >= 100 ? "100+" : news,
					" new ",
					news === 1 ? "run" : "runs",
					": show"
				]
			})
		}),
		/* @__PURE__ */ a(BulkBar, {
			chosen: runs.filter((run) => chosen.has(run.runId)),
			onDone: () => void 0,
			onClear: () => setChosen(/* @__PURE__ */ new Set())
		}),
		/* @__PURE__ */ a("table", {
			class: "table runs",
			"aria-rowcount": token === void 0 ? runs.length + 1 : -1,
			children: [/* @__PURE__ */ a("thead", { children: /* @__PURE__ */ a("tr", { children: [
				/* @__PURE__ */ a("th", {
					scope: "col",
					class: "pick",
					children: /* @__PURE__ */ a("input", {
						type: "checkbox",
						"aria-label": "Choose all that are shown",
						checked: isAll,
						onChange: (event) => choose(ids, event.currentTarget.checked)
					})
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Status"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Workflow ID"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Workflow"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Started"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					class: "number",
					children: "Took"
				})
			] }) }), /* @__PURE__ */ a("tbody", {
				ref: body,
				children: [
					seen.above > 0 && /* @__PURE__ */ a(Gap, { height: seen.above }),
					runs.slice(seen.first, seen.last).map((run, index) => /* @__PURE__ */ a(Row, {
						run,
						index: seen.first + index,
						isChosen: chosen.has(run.runId),
						onChoose: (on) => choose([run.runId], on)
					}, run.runId)),
					seen.below > 0 && /* @__PURE__ */ a(Gap, { height: seen.below })
				]
			})]
		}),
		error !== void 0 && /* @__PURE__ */ a(Failed, {
			error,
			what: "No more could be read"
		}),
		/* @__PURE__ */ a("p", {
			ref: end,
			class: "muted list-end",
			role: "status",
			children: [busy ? "Reading more…" : token === void 0 && runs.length > 20 ? `All ${runs.length.toLocaleString("en")} runs.` : "", error !== void 0 && /* @__PURE__ */ a("button", {
				type: "button",
				class: "button small",
				onClick: () => void more(),
				children: "Try again"
			})]
		})
	] });
}
function Gap({ height }) {
	return /* @__PURE__ */ a("tr", {
		class: "gap",
		children: /* @__PURE__ */ a("td", {
			colSpan: 6,
			ref: (element) => element?.style.setProperty("height", `${height}px`)
		})
	});
}
function Row({ run, index, isChosen, onChoose }) {
	return /* @__PURE__ */ a("tr", {
		"data-row": true,
		"aria-rowindex": index + 2,
		"aria-selected": isChosen,
		class: isChosen ? "is-chosen" : "",
		children: [
			/* @__PURE__ */ a("td", {
				class: "pick",
				children: /* @__PURE__ */ a("input", {
					type: "checkbox",
					"aria-label": `Choose ${run.workflowId}`,
					checked: isChosen,
					onChange: (event) => onChoose(event.currentTarget.checked)
				})
			}),
			/* @__PURE__ */ a("td", {
				class: "status",
				children: /* @__PURE__ */ a(StatusWord, { status: run.status })
			}),
			/* @__PURE__ */ a("th", {
				scope: "row",
				class: "id",
				children: [/* @__PURE__ */ a("a", {
					class: "mono",
					href: runHref(run.workflowId, run.runId),
					title: run.workflowId,
					children: run.workflowId
				}), run.problem != null && /* @__PURE__ */ a("span", {
					class: "problem",
					title: run.problem.message,
					children: [
						" ",
						"⚠ ",
						run.problem.kind.replaceAll("_", " "),
						run.problem.step !== null && ` · ${run.problem.step}`
					]
				})]
			}),
			/* @__PURE__ */ a("td", {
				class: "type",
				children: /* @__PURE__ */ a("a", {
					class: "quiet-link",
					href: `runs?workflowType=${encodeURIComponent(run.workflowType)}`,
					children: run.workflowType
				})
			}),
			/* @__PURE__ */ a("td", {
				class: "muted when",
				children: /* @__PURE__ */ a(Ago, { moment: run.startedAt })
			}),
			/* @__PURE__ */ a("td", {
				class: "muted number took",
				children: run.completedAt === null ? "" : took(Date.parse(run.completedAt) - Date.parse(run.startedAt))
			})
		]
	});
}
function Empty$1({ isFiltered }) {
	return /* @__PURE__ */ a("div", {
		class: "empty",
		children: [/* @__PURE__ */ a("p", {
			class: "muted",
			children: isFiltered ? "No run fits these filters." : "Nothing has run yet."
		}), /* @__PURE__ */ a("p", { children: isFiltered ? /* @__PURE__ */ a("a", {
			href: "runs",
			children: "Show all runs"
		}) : /* @__PURE__ */ a("a", {
			href: "workflows",
			children: "Start a workflow"
		}) })]
	});
}
// src/forms/drafts.ts
var PREFIX = "output.draft:";
function readDraft(name) {
	try {
		const text = sessionStorage.getItem(PREFIX + name);
		return text === null ? void 0 : parseJson(text);
	} catch {
		return;
	}
}
function keepDraft(name, place, value) {
	const kept = withoutSecrets(place, value);
	try {
		if (kept === void 0) sessionStorage.removeItem(PREFIX + name);
		else sessionStorage.setItem(PREFIX + name, writeJson(kept, "compact"));
	} catch {}
}
function dropDraft(name) {
	try {
		sessionStorage.removeItem(PREFIX + name);
	} catch {}
}
// src/pages/presets.tsx
var LAST = 5;
function Presets({ entry, onPick }) {
	const [runs, setRuns] = d();
	const place = placeOfInput(entry);
	const examples = entry.examples ?? [];
	const open = () => {
		if (runs === void 0) {
			setRuns([]);
			readLastRuns(entry.name, LAST).then(setRuns, () => setRuns([]));
		}
	};
	const pick = async (choice) => {
		const [kind, at] = choice.split(":");
		const example = examples[Number(at)];
		const run = runs?.[Number(at)];
		if (kind === "empty") onPick({
			value: seedOf(place),
			note: void 0
		});
		else if (kind === "example" && example !== void 0) onPick({
			value: example.input,
			note: `The scenario “${example.name}”.`
		});
		else if (kind === "run" && run !== void 0) {
			const { input } = await ask("GET", `${runPath(run.workflowId, run.runId)}/input`);
			onPick(earlierInput(place, input, `The input of ${run.workflowId}.`));
		}
	};
	return /* @__PURE__ */ a("label", {
		class: "presets",
		children: [/* @__PURE__ */ a("span", { children: "Begin with" }), /* @__PURE__ */ a("select", {
			class: "input",
			value: "",
			onFocus: open,
			onPointerEnter: open,
			onChange: (event) => {
				pick(event.currentTarget.value);
				event.currentTarget.value = "";
			},
			children: [
				/* @__PURE__ */ a("option", {
					value: "",
					disabled: true,
					children: "Choose…"
				}),
				/* @__PURE__ */ a("option", {
					value: "empty",
					children: "An empty form"
				}),
				examples.length > 0 && /* @__PURE__ */ a("optgroup", {
					label: "Scenarios",
					children: examples.map(({ name }, at) => /* @__PURE__ */ a("option", {
						value: `example:${at}`,
						children: name
					}, name))
				}),
				runs !== void 0 && runs.length > 0 && /* @__PURE__ */ a("optgroup", {
					label: "Last runs",
					children: runs.map((run, at) => /* @__PURE__ */ a("option", {
						value: `run:${at}`,
						children: [
							new Date(run.startedAt).toLocaleString(),
							" · ",
							run.status,
							" · ",
							run.workflowId
						]
					}, run.runId))
				})
			]
		})]
	});
}
// src/pages/start.tsx
function StartPage({ name, from, fromRun }) {
	const loaded = useLoaded(`start:${name}:${from ?? ""}:${fromRun ?? ""}`, async () => {
		const entry = await readWorkflow(name);
		return {
			entry,
			beginning: await begin(entry, from, fromRun)
		};
	});
	if (loaded.state === "loading") return /* @__PURE__ */ a(Loading, { what: name });
	if (loaded.state === "failed") return /* @__PURE__ */ a(FailedPage, {
		error: loaded.error,
		title: `Start ${name}`
	});
	return /* @__PURE__ */ a(StartForm, {
		entry: loaded.value.entry,
		beginning: loaded.value.beginning
	}, `${name}:${from ?? ""}`);
}
function placeOfInput(entry) {
	const schema = entry.inputSchema ?? true;
	return {
		schema,
		root: schema
	};
}
async function begin(entry, from, fromRun) {
	const place = placeOfInput(entry);
	if (from !== void 0) {
		const { input } = await ask("GET", `${runPath(from, fromRun)}/input`);
		return earlierInput(place, input, `The input of ${from}.`);
	}
	const draft = readDraft(entry.name);
	if (draft !== void 0) return {
		value: draft,
		note: "What you had typed here before."
	};
	return {
		value: seedOf(place),
		note: void 0
	};
}
function earlierInput(place, input, note) {
	return {
		value: withoutSecrets(place, input),
		note: hasSecrets(place, input) ? `${note} Its secrets are not kept; give them again.` : note
	};
}
var POLICIES = {
	fail: "refuse",
	use_existing: "join the one that is running",
	terminate_existing: "end that one at once and start anew"
};
function StartForm({ entry, beginning }) {
	const place = placeOfInput(entry);
	const takesNothing = shapeOf(place).kind === "null";
	const root = T(null);
	const [value, setValue] = d(beginning.value);
	const [note, setNote] = d(beginning.note);
	const [round, setRound] = d(0);
	const [workflowId, setWorkflowId] = d("");
	const [policy, setPolicy] = d("fail");
	const [busy, setBusy] = d();
	const [issues, setIssues] = d(NO_ISSUES);
	const [error, setError] = d();
	const [checked, setChecked] = d(false);
	const change = (next) => {
		setValue(next);
		setChecked(false);
		keepDraft(entry.name, place, next);
	};
	const beginAnew = ({ value: next, note: said }) => {
		change(next);
		setNote(said);
		setIssues(NO_ISSUES);
		setError(void 0);
		setRound(round + 1);
	};
	const body = () => {
		const fields = { workflowName: entry.name };
		if (value !== void 0) fields.input = value;
		if (workflowId !== "") fields.workflowId = workflowId;
		if (policy !== "fail") fields.conflictPolicy = policy;
		return fields;
	};
	const tell = (faults, failed) => {
		setIssues(placeIssues(faults, "input", place, value));
		setError(failed);
	};
	const send = async (kind) => {
		if (busy !== void 0) return;
		setBusy(kind);
		setChecked(false);
		try {
			if (kind === "check") {
				const { workflowName, input = null } = body();
				const answer = await ask("POST", "workflow/validate", {
					workflowName,
					input
				});
				tell(answer.issues, void 0);
				setChecked(answer.valid);
			} else {
				const run = await ask("POST", "workflow/start", body());
				dropDraft(entry.name);
				navigate(runHref(run.workflowId, run.runId));
				return;
			}
		} catch (failure) {
			const failed = ApiError.of(failure);
			tell(failed.issues, failed);
		} finally {
			setBusy(void 0);
		}
	};
	useFaultFocus(root, issues);
	const shown = withoutSecrets(place, value);
	const calls = startCalls({
		origin: apiRoot().href.replace(/\/$/, ""),
		needsToken: needsLogin(),
		workflowName: entry.name,
		input: shown,
		workflowId,
		conflictPolicy: policy
	});
	return /* @__PURE__ */ a("form", {
		class: "page start-page",
		ref: root,
		noValidate: true,
		"aria-labelledby": "page-title",
		onSubmit: (event) => event.preventDefault(),
		onKeyDown: (event) => {
			if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
				event.preventDefault();
				send("start");
			} else if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
		},
		children: [
			/* @__PURE__ */ a("header", {
				class: "page-head",
				children: [/* @__PURE__ */ a("h1", {
					id: "page-title",
					children: [
						"Start",
						" ",
						/* @__PURE__ */ a("a", {
							href: `workflows/${encodeURIComponent(entry.name)}`,
							class: "mono",
							children: entry.name
						})
					]
				}), /* @__PURE__ */ a(Presets, {
					entry,
					onPick: beginAnew
				})]
			}),
			note !== void 0 && /* @__PURE__ */ a("p", {
				class: "note",
				role: "status",
				children: note
			}),
			/* @__PURE__ */ a(FaultSummary, {
				issues,
				error,
				form: root,
				nothing: "Nothing was started."
			}),
			takesNothing ? /* @__PURE__ */ a("p", {
				class: "muted",
				children: "It takes no input."
			}) : /* @__PURE__ */ a(ValueEditor, {
				place,
				value,
				onChange: change,
				issues,
				name: "input"
			}, round),
			/* @__PURE__ */ a("details", {
				class: "more",
				children: [/* @__PURE__ */ a("summary", { children: "More: workflow ID, and what to do when it is running" }), /* @__PURE__ */ a("div", {
					class: "fields",
					children: [/* @__PURE__ */ a("div", {
						class: "field",
						children: [/* @__PURE__ */ a("span", {
							class: "label",
							children: /* @__PURE__ */ a("label", {
								for: "workflow-id",
								children: "workflow ID"
							})
						}), /* @__PURE__ */ a("div", {
							class: "control",
							children: /* @__PURE__ */ a("input", {
								id: "workflow-id",
								class: "input mono",
								value: workflowId,
								maxLength: 255,
								placeholder: "made by the server",
								autocomplete: "off",
								spellcheck: false,
								onInput: (event) => setWorkflowId(event.currentTarget.value)
							})
						})]
					}), /* @__PURE__ */ a("div", {
						class: "field",
						children: [/* @__PURE__ */ a("span", {
							class: "label",
							children: /* @__PURE__ */ a("label", {
								for: "conflict-policy",
								children: "if that ID is running"
							})
						}), /* @__PURE__ */ a("div", {
							class: "control",
							children: /* @__PURE__ */ a("select", {
								id: "conflict-policy",
								class: "input",
								value: policy,
								onChange: (event) => setPolicy(event.currentTarget.value),
								children: Object.entries(POLICIES).map(([key, words]) => /* @__PURE__ */ a("option", {
									value: key,
									children: words
								}, key))
							})
						})]
					})]
				})]
			}),
			/* @__PURE__ */ a(CallSnippets, {
				calls,
				leavesOutSecrets: hasSecrets(place, value)
			}),
			/* @__PURE__ */ a("footer", {
				class: "form-bar",
				children: [
					/* @__PURE__ */ a("button", {
						type: "button",
						class: "button primary",
						disabled: busy !== void 0,
						onClick: () => void send("start"),
						children: [
							busy === "start" ? "Starting…" : "Start",
							" ",
							/* @__PURE__ */ a("kbd", { children: "Ctrl ⏎" })
						]
					}),
					/* @__PURE__ */ a("button", {
						type: "button",
						class: "button",
						disabled: busy !== void 0,
						onClick: () => void send("check"),
						children: busy === "check" ? "Checking…" : "Check"
					}),
					/* @__PURE__ */ a("span", {
						role: "status",
						class: "checked",
						children: checked && "It fits."
					})
				]
			})
		]
	});
}
// src/forms/table.tsx
var MAX_DEPTH = 5;
function SchemaTable({ schema, empty, label }) {
	if (schema === null || schema === void 0) return /* @__PURE__ */ a("p", {
		class: "muted",
		children: "Any JSON."
	});
	const rows = rowsOf({
		schema,
		root: schema
	});
	if (rows.length === 0) return /* @__PURE__ */ a("p", {
		class: "muted",
		children: empty
	});
	return /* @__PURE__ */ a("div", {
		class: "table-scroll",
		role: "region",
		"aria-label": label,
		tabIndex: 0,
		children: /* @__PURE__ */ a("table", {
			class: "table schema",
			children: [/* @__PURE__ */ a("thead", { children: /* @__PURE__ */ a("tr", { children: [
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Field"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Takes"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Default"
				}),
				/* @__PURE__ */ a("th", {
					scope: "col",
					children: "Description"
				})
			] }) }), /* @__PURE__ */ a("tbody", { children: rows.map((row, at) => /* @__PURE__ */ a("tr", { children: [
				/* @__PURE__ */ a("th", {
					scope: "row",
					class: `mono depth-${row.depth}`,
					children: row.name
				}),
				/* @__PURE__ */ a("td", { children: [
					row.kind,
					row.shape.nullable && " or none",
					row.shape.secret && " (secret)"
				] }),
				/* @__PURE__ */ a("td", { children: row.required ? /* @__PURE__ */ a("span", {
					class: "required",
					children: "required"
				}) : /* @__PURE__ */ a("code", { children: defaultText(row.shape) }) }),
				/* @__PURE__ */ a("td", {
					class: "muted",
					children: [row.shape.description, row.shape.kind === "list" ? void 0 : hintOf(row.shape)].filter(Boolean).join(" · ")
				})
			] }, `${at}`)) })]
		})
	});
}
function defaultText(shape) {
	const text = shape.fallback === void 0 ? "" : shape.fallback === null ? "none" : writeJson(shape.fallback, "compact");
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
/** The fields of a value; of one that is no object, the value itself. */
function rowsOf(place) {
	const shape = shapeOf(place);
	if (shape.kind === "null" || shape.kind === "object" && shape.members.length === 0) return [];
	if (shape.kind === "object") return below(shape, 0, []);
	return [{
		name: "(value)",
		depth: 0,
		required: !shape.nullable,
		shape,
		kind: kindOf(place, shape)
	}, ...below(shape, 1, [shape])];
}
/** Rows below a value: each model is told once on the way down, so that one that holds itself has an end. */
function below(shape, depth, within) {
	if (depth > MAX_DEPTH) return [];
	switch (shape.kind) {
		case "object": return shape.members.flatMap((member) => rowOf(member.name, member.place, member.required, depth, within));
		case "list": return [...shape.first.flatMap((place, at) => rowOf(`[${at}]`, place, true, depth, within)), ...inner("[ ]", shape.rest, depth, within)];
		case "dict": return inner("{ }", shape.values, depth, within);
		case "union": return shape.branches.flatMap((branch) => inner(branch.title, branch.place, depth, within));
		default: return [];
	}
}
function rowOf(name, place, required, depth, within) {
	const shape = shapeOf(place);
	const row = {
		name,
		depth,
		required,
		shape,
		kind: kindOf(place, shape)
	};
	return within.includes(shape) ? [row] : [row, ...below(shape, depth + 1, [...within, shape])];
}
/** Items, values and branches: a row of their own where they hold fields. */
function inner(name, place, depth, within) {
	if (place === void 0) return [];
	const shape = shapeOf(place);
	return shape.kind === "object" || shape.kind === "union" || shape.kind === "list" || shape.kind === "dict" ? rowOf(name, place, true, depth, within) : [];
}
function kindOf(place, shape) {
	if (shape.kind === "choice") return shape.options.map((option) => typeof option === "string" ? option : writeJson(option, "compact")).join(", ");
	if (shape.kind === "constant") return writeJson(shape.value, "compact");
	return kindWord(shapeOf(place));
}
// src/pages/workflows.tsx
function WorkflowsPage() {
	const loaded = useLoaded("catalog", readCatalog);
	const [wanted, setWanted] = d("");
	if (loaded.state === "loading") return /* @__PURE__ */ a(Loading, { what: "workflows" });
	if (loaded.state === "failed") return /* @__PURE__ */ a(FailedPage, {
		error: loaded.error,
		title: "Workflows"
	});
	const entries = [...loaded.value].sort((a, b) => a.name.localeCompare(b.name));
	const shown = entries.filter((entry) => matches(entry, wanted));
	return /* @__PURE__ */ a("section", {
		class: "page",
		"aria-labelledby": "page-title",
		children: [/* @__PURE__ */ a("header", {
			class: "page-head",
			children: [
				/* @__PURE__ */ a("h1", {
					id: "page-title",
					children: "Workflows"
				}),
				/* @__PURE__ */ a("span", {
					class: "count",
					children: entries.length
				}),
				entries.length > 7 && /* @__PURE__ */ a("input", {
					class: "input filter",
					type: "search",
					"data-filter": true,
					"aria-label": "Filter workflows",
					placeholder: "Filter",
					value: wanted,
					onInput: (event) => setWanted(event.currentTarget.value)
				})
			]
		}), entries.length === 0 ? /* @__PURE__ */ a(Empty, {}) : /* @__PURE__ */ a("div", {
			class: "table-scroll",
			children: [/* @__PURE__ */ a("table", {
				class: "table workflows",
				children: [/* @__PURE__ */ a("thead", { children: /* @__PURE__ */ a("tr", { children: [
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: "Workflow"
					}),
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: "Description"
					}),
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: "Takes"
					}),
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: "Messages"
					}),
					/* @__PURE__ */ a("th", {
						scope: "col",
						children: /* @__PURE__ */ a("span", {
							class: "sr-only",
							children: "Actions"
						})
					})
				] }) }), /* @__PURE__ */ a("tbody", { children: shown.map((entry) => /* @__PURE__ */ a(WorkflowRow, { entry }, entry.name)) })]
			}), shown.length === 0 && /* @__PURE__ */ a("p", {
				class: "muted",
				children: [
					"No workflow has “",
					wanted,
					"” in its name or description."
				]
			})]
		})]
	});
}
function WorkflowRow({ entry }) {
	const href = `workflows/${encodeURIComponent(entry.name)}`;
	return /* @__PURE__ */ a("tr", { children: [
		/* @__PURE__ */ a("th", {
			scope: "row",
			children: [/* @__PURE__ */ a("a", {
				href,
				children: entry.name
			}), entry.aliases.length > 0 && /* @__PURE__ */ a("small", {
				class: "muted",
				children: [" also ", entry.aliases.join(", ")]
			})]
		}),
		/* @__PURE__ */ a("td", {
			class: "muted",
			children: summaryOf(entry.description)
		}),
		/* @__PURE__ */ a("td", {
			class: "mono takes",
			children: takes(entry.inputSchema)
		}),
		/* @__PURE__ */ a("td", {
			class: "muted",
			children: entry.handlers.map((handler) => handler.name).join(", ")
		}),
		/* @__PURE__ */ a("td", {
			class: "actions",
			children: /* @__PURE__ */ a("a", {
				class: "button small",
				href: `${href}/start`,
				"aria-label": `Start ${entry.name}`,
				children: "Start"
			})
		})
	] });
}
var MAX_NAMES = 8;
/** The input in few words: the names of its fields, those that may be left out with a mark. */
function takes(schema) {
	if (schema === null) return "any JSON";
	const shape = shapeOf({
		schema,
		root: schema
	});
	if (shape.kind !== "object") return shape.kind === "null" ? "" : kindWord(shape);
	const names = shape.members.map((member) => member.required ? member.name : `${member.name}?`);
	const more = names.length - MAX_NAMES;
	return more > 1 ? `${names.slice(0, MAX_NAMES).join(", ")} and ${more} more` : names.join(", ");
}
function matches(entry, wanted) {
	const text = `${entry.name} ${entry.aliases.join(" ")} ${entry.description ?? ""}`.toLowerCase();
	return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
function Empty() {
	return /* @__PURE__ */ a("div", {
		class: "empty",
		children: [/* @__PURE__ */ a("p", { children: "The catalog is empty." }), /* @__PURE__ */ a("p", {
			class: "muted",
			children: [
				"Write a workflow in ",
				/* @__PURE__ */ a("code", { children: "workflows/" }),
				", or begin with ",
				/* @__PURE__ */ a("code", { children: "output init" }),
				"; a worker publishes it within a second."
			]
		})]
	});
}
// src/pages/workflow.tsx
function WorkflowPage({ name }) {
	const loaded = useLoaded(`workflow:${name}`, () => readWorkflow(name));
	if (loaded.state === "loading") return /* @__PURE__ */ a(Loading, { what: name });
	if (loaded.state === "failed") return /* @__PURE__ */ a(FailedPage, {
		error: loaded.error,
		title: name
	});
	const entry = loaded.value;
	return /* @__PURE__ */ a("section", {
		class: "page workflow-page",
		"aria-labelledby": "page-title",
		children: [
			/* @__PURE__ */ a("header", {
				class: "page-head",
				children: [
					/* @__PURE__ */ a("h1", {
						id: "page-title",
						class: "mono",
						children: entry.name
					}),
					/* @__PURE__ */ a("span", {
						class: "muted mono",
						children: entry.path
					}),
					/* @__PURE__ */ a("a", {
						class: "button primary",
						href: `workflows/${encodeURIComponent(entry.name)}/start`,
						children: "Start…"
					})
				]
			}),
			entry.aliases.length > 0 && /* @__PURE__ */ a("p", {
				class: "muted",
				children: [
					"Also known as ",
					entry.aliases.join(", "),
					"."
				]
			}),
			/* @__PURE__ */ a(Description, { text: entry.description }),
			/* @__PURE__ */ a(LastRuns, { name: entry.name }),
			/* @__PURE__ */ a(Part, {
				title: "Input",
				children: /* @__PURE__ */ a(SchemaTable, {
					schema: entry.inputSchema,
					empty: "It takes no input.",
					label: "Fields of the input"
				})
			}),
			/* @__PURE__ */ a(Part, {
				title: "Output",
				children: /* @__PURE__ */ a(SchemaTable, {
					schema: entry.outputSchema,
					empty: "It gives nothing back.",
					label: "Fields of the output"
				})
			}),
			/* @__PURE__ */ a(Handlers, { entry }),
			/* @__PURE__ */ a(Steps, { entry })
		]
	});
}
function Part({ title, count, children }) {
	return /* @__PURE__ */ a("section", {
		class: "part",
		children: [/* @__PURE__ */ a("h2", { children: [
			title,
			" ",
			count !== void 0 && /* @__PURE__ */ a("span", {
				class: "count",
				children: count
			})
		] }), children]
	});
}
/** Text as it was written: paragraphs apart, lines within one together. */
function Description({ text }) {
	if (text === null || text.trim() === "") return null;
	return /* @__PURE__ */ a("div", {
		class: "description",
		children: text.split(/\n\s*\n/).map((paragraph) => /* @__PURE__ */ a("p", { children: paragraph.trim() }, paragraph))
	});
}
var SHOWN_RUNS = 5;
function LastRuns({ name }) {
	const loaded = useLoaded(`runs:${name}`, () => readLastRuns(name, SHOWN_RUNS));
	return /* @__PURE__ */ a(Part, {
		title: "Last runs",
		children: [
			loaded.state === "loading" && /* @__PURE__ */ a(Loading, { what: "runs" }),
			loaded.state === "failed" && /* @__PURE__ */ a(Failed, {
				error: loaded.error,
				what: "The runs could not be read"
			}),
			loaded.state === "ready" && loaded.value.length === 0 && /* @__PURE__ */ a("p", {
				class: "muted",
				children: "It has not run yet."
			}),
			loaded.state === "ready" && loaded.value.length > 0 && /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("ul", {
				class: "runs-short",
				children: loaded.value.map((run) => /* @__PURE__ */ a("li", { children: [
					/* @__PURE__ */ a(StatusWord, { status: run.status }),
					/* @__PURE__ */ a("a", {
						class: "mono",
						href: runHref(run.workflowId, run.runId),
						children: run.workflowId
					}),
					/* @__PURE__ */ a("span", {
						class: "muted",
						children: /* @__PURE__ */ a(Ago, { moment: run.startedAt })
					})
				] }, run.runId))
			}), /* @__PURE__ */ a("p", { children: /* @__PURE__ */ a("a", {
				href: `runs?workflowType=${encodeURIComponent(name)}`,
				children: ["All runs of ", name]
			}) })] })
		]
	});
}
function Handlers({ entry }) {
	if (entry.handlers.length === 0) return null;
	return /* @__PURE__ */ a(Part, {
		title: "Messages",
		count: entry.handlers.length,
		children: /* @__PURE__ */ a("ul", {
			class: "entries",
			children: entry.handlers.map((handler) => /* @__PURE__ */ a(Entry, {
				entry: handler,
				tag: handler.kind,
				answers: handler.kind !== "signal"
			}, `${handler.kind}:${handler.name}`))
		})
	});
}
function Steps({ entry }) {
	if (entry.activities.length === 0) return null;
	return /* @__PURE__ */ a(Part, {
		title: "Steps",
		count: entry.activities.length,
		children: /* @__PURE__ */ a("ul", {
			class: "entries",
			children: entry.activities.map((step) => /* @__PURE__ */ a(Entry, {
				entry: step,
				answers: true
			}, step.name))
		})
	});
}
function Entry({ entry, tag, answers }) {
	return /* @__PURE__ */ a("li", { children: /* @__PURE__ */ a("details", { children: [
		/* @__PURE__ */ a("summary", { children: [
			tag !== void 0 && /* @__PURE__ */ a("span", {
				class: "tag",
				children: tag
			}),
			" ",
			/* @__PURE__ */ a("span", {
				class: "mono",
				children: entry.name
			}),
			" ",
			/* @__PURE__ */ a("span", {
				class: "muted mono",
				children: [
					"(",
					takes(entry.inputSchema),
					")"
				]
			}),
			" ",
			/* @__PURE__ */ a("span", {
				class: "muted",
				children: entry.description?.split("\n")[0]
			})
		] }),
		/* @__PURE__ */ a("h3", { children: "Takes" }),
		/* @__PURE__ */ a(SchemaTable, {
			schema: entry.inputSchema,
			empty: "Nothing.",
			label: `What ${entry.name} takes`
		}),
		answers && /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("h3", { children: "Gives" }), /* @__PURE__ */ a(SchemaTable, {
			schema: entry.outputSchema,
			empty: "Nothing.",
			label: `What ${entry.name} gives`
		})] })
	] }) });
}
// src/palette.tsx
var PAGES = [
	{
		name: "Home",
		kind: "page",
		href: "./"
	},
	{
		name: "Runs",
		kind: "page",
		href: "runs"
	},
	{
		name: "Runs that failed",
		kind: "page",
		href: "runs?status=failed"
	},
	{
		name: "Runs that are running",
		kind: "page",
		href: "runs?status=running"
	},
	{
		name: "Workflows",
		kind: "page",
		href: "workflows"
	},
	{
		name: "Inbox",
		kind: "page",
		href: "inbox"
	},
	{
		name: "Compare two runs",
		kind: "page",
		href: "compare"
	}
];
var GO = {
	h: "./",
	r: "runs",
	w: "workflows",
	i: "inbox",
	c: "compare"
};
var KEYS = [
	["Ctrl K", "go somewhere by typing"],
	["g h  g r  g w  g i  g c", "home, runs, workflows, inbox, compare"],
	["/", "to the filter of a page"],
	["r", "run again, on a run’s page"],
	["arrows, Home, End", "rows of a run; ← → fold"],
	["Ctrl Enter", "send a form"],
	["?", "these keys"],
	["Esc", "close"]
];
var LETTERS = "output:letters";
var MOST = 12;
function Palette() {
	const [shown, setShown] = d();
	const dialog = T(null);
	useKeys(setShown);
	F(() => {
		if (shown === void 0) dialog.current?.close();
		else dialog.current?.showModal();
	}, [shown]);
	const close = () => setShown(void 0);
	return /* @__PURE__ */ a("dialog", {
		ref: dialog,
		class: "palette",
		"aria-label": shown === "keys" ? "Keys" : "Go to",
		onClose: close,
		onClick: (event) => event.target === dialog.current && close(),
		children: [shown === "palette" && /* @__PURE__ */ a(Search, { onDone: close }), shown === "keys" && /* @__PURE__ */ a(Keys, { onDone: close })]
	});
}
function useKeys(show) {
	A(() => {
		let isGoing = false;
		const onKey = (event) => {
			if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
				event.preventDefault();
				show("palette");
				return;
			}
			if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || localStorage.getItem(LETTERS) === "off") return;
			const target = isGoing ? GO[event.key] : void 0;
			isGoing = !isGoing && event.key === "g";
			if (target !== void 0) navigate(target);
			else if (event.key === "?") show("keys");
			else if (event.key === "/") focusOn(event, "[data-filter]");
			else if (event.key === "r") document.querySelector("a[data-key=r]")?.click();
		};
		addEventListener("keydown", onKey);
		return () => removeEventListener("keydown", onKey);
	}, []);
}
function isTyping(event) {
	return event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
}
function focusOn(event, selector) {
	const element = document.querySelector(selector);
	if (element === null) return;
	event.preventDefault();
	element.focus();
}
function Search({ onDone }) {
	const [text, setText] = d("");
	const [at, setAt] = d(0);
	const [workflows, setWorkflows] = d();
	const input = T(null);
	A(() => {
		input.current?.focus();
		readCatalog().then((found) => setWorkflows(found.flatMap(({ name }) => {
			const href = `workflows/${encodeURIComponent(name)}`;
			return [{
				name,
				kind: "workflow",
				href
			}, {
				name: `Start ${name}`,
				kind: "start",
				href: `${href}/start`
			}];
		})), () => setWorkflows([]));
	}, []);
	const wanted = text.trim().toLowerCase();
	const run = text.trim() === "" || workflows === void 0 ? [] : [{
		name: text.trim(),
		kind: "run with this ID",
		href: runHref(text.trim())
	}];
	const places = [...[...PAGES, ...workflows ?? []].filter((place) => place.name.toLowerCase().includes(wanted)).slice(0, MOST), ...run];
	const chosen = Math.min(at, places.length - 1);
	const go = (place) => {
		if (place === void 0) return;
		onDone();
		navigate(place.href);
	};
	return /* @__PURE__ */ a($, { children: [/* @__PURE__ */ a("input", {
		ref: input,
		class: "input",
		role: "combobox",
		"aria-label": "Page, workflow or run",
		"aria-expanded": "true",
		"aria-controls": "palette-places",
		"aria-activedescendant": `palette-${chosen}`,
		placeholder: "Page, workflow, or a run’s workflow ID",
		autocomplete: "off",
		spellcheck: false,
		value: text,
		onInput: (event) => {
			setText(event.currentTarget.value);
			setAt(0);
		},
		onKeyDown: (event) => {
			if (event.key === "Enter") go(places[chosen]);
			else if (event.key === "ArrowDown") setAt(Math.min(places.length - 1, chosen + 1));
			else if (event.key === "ArrowUp") setAt(Math.max(0, chosen - 1));
			else return;
			event.preventDefault();
		}
	}), /* @__PURE__ */ a("div", {
		id: "palette-places",
		class: "places",
		role: "listbox",
		"aria-label": "Places",
		children: places.map((place, index) => /* @__PURE__ */ a("div", {
			id: `palette-${index}`,
			role: "option",
			tabIndex: -1,
			"aria-selected": index === chosen,
			onClick: () => go(place),
			onMouseMove: () => setAt(index),
			children: [/* @__PURE__ */ a("span", { children: place.name }), /* @__PURE__ */ a("span", {
				class: "muted",
				children: place.kind
			})]
		}, `${place.kind}:${place.href}`))
	})] });
}
function Keys({ onDone }) {
	const [isOn, setIsOn] = d(localStorage.getItem(LETTERS) !== "off");
	const change = (on) => {
		setIsOn(on);
		localStorage.setItem(LETTERS, on ? "on" : "off");
	};
	return /* @__PURE__ */ a($, { children: [
		/* @__PURE__ */ a("header", { children: [/* @__PURE__ */ a("h2", { children: "Keys" }), /* @__PURE__ */ a("button", {
			type: "button",
			class: "button small",
			onClick: onDone,
			children: "Close"
		})] }),
		/* @__PURE__ */ a("dl", {
			class: "keys",
			children: KEYS.map(([key, what]) => /* @__PURE__ */ a("div", {
				class: "key",
				children: [/* @__PURE__ */ a("dt", { children: /* @__PURE__ */ a("kbd", { children: key }) }), /* @__PURE__ */ a("dd", { children: what })]
			}, key))
		}),
		/* @__PURE__ */ a("label", {
			class: "key-switch",
			children: [/* @__PURE__ */ a("input", {
				type: "checkbox",
				checked: isOn,
				onChange: (event) => change(event.currentTarget.checked)
			}), " single letters do something"]
		})
	] });
}
// src/shell.tsx
var SECTIONS = [
	{
		name: "Runs",
		href: "runs"
	},
	{
		name: "Workflows",
		href: "workflows"
	},
	{
		name: "Inbox",
		href: "inbox"
	}
];
function routeOf({ parts, query }) {
	const [section = "home", name, action, last] = parts;
	if (section === "home" && parts.length === 0) return {
		title: "Home",
		section,
		page: /* @__PURE__ */ a(HomePage, {})
	};
	if (section === "inbox" && name === void 0) return {
		title: "Inbox",
		section,
		page: /* @__PURE__ */ a(InboxPage, {})
	};
	if (section === "compare" && name === void 0) return {
		title: "Compare",
		section,
		page: /* @__PURE__ */ a(ComparePage, { query })
	};
	if (section === "runs" && name !== void 0 && action !== void 0 && last === "reset" && parts.length === 4) {
		const step = query.get("step") ?? void 0;
		return {
			title: `Reset ${name}`,
			section,
			page: /* @__PURE__ */ a(ResetPage, {
				workflowId: name,
				runId: action,
				step
			})
		};
	}
	if (section === "workflows" && name === void 0) return {
		title: "Workflows",
		section,
		page: /* @__PURE__ */ a(WorkflowsPage, {})
	};
	if (section === "workflows" && name !== void 0 && action === void 0) return {
		title: name,
		section,
		page: /* @__PURE__ */ a(WorkflowPage, { name })
	};
	if (section === "workflows" && name !== void 0 && action === "start") {
		const [from, fromRun] = [query.get("from") ?? void 0, query.get("run") ?? void 0];
		return {
			title: `Start ${name}`,
			section,
			page: /* @__PURE__ */ a(StartPage, {
				name,
				from,
				fromRun
			})
		};
	}
	if (section === "runs" && name === void 0) return {
		title: "Runs",
		section,
		page: /* @__PURE__ */ a(RunsPage, { query })
	};
	if (section === "runs" && name !== void 0 && parts.length <= 3) return {
		title: name,
		section,
		page: /* @__PURE__ */ a(RunPage, {
			workflowId: name,
			runId: action,
			chosen: query.get("row") ?? void 0
		}, parts.join("/"))
	};
	return {
		title: "Not found",
		section,
		page: /* @__PURE__ */ a(NotFound, {})
	};
}
/** Who is logged in; asked once, and again when the server no longer knows who asks. */
function useSession() {
	const [session, setSession] = d(needsLogin() ? "unknown" : OPEN);
	const read = () => {
		readSession().then(setSession, (error) => setSession(error instanceof ApiError && error.status !== 401 ? OPEN : "none"));
	};
	A(() => {
		if (!needsLogin()) return;
		read();
		const end = () => setSession("none");
		addEventListener(SIGNED_OUT, end);
		return () => removeEventListener(SIGNED_OUT, end);
	}, []);
	return {
		session,
		read
	};
}
var OPEN = {
	name: null,
	scopes: [],
	readOnly: false
};
function Shell() {
	const route = routeOf(useAddress());
	const { session, read } = useSession();
	const isOut = session === "none";
	A(() => {
		document.title = `${isOut ? "Log in" : route.title} · Output`;
	}, [route.title, isOut]);
	return /* @__PURE__ */ a($, { children: [
		/* @__PURE__ */ a("a", {
			class: "skip",
			href: "#main",
			children: "To the content"
		}),
		/* @__PURE__ */ a("header", {
			class: "frame",
			children: [
				/* @__PURE__ */ a("a", {
					class: "brand",
					href: "./",
					children: "Output"
				}),
				!isOut && /* @__PURE__ */ a("nav", {
					"aria-label": "Pages",
					children: SECTIONS.map(({ name, href }) => /* @__PURE__ */ a("a", {
						href,
						"aria-current": route.section === href ? "page" : void 0,
						children: name
					}, href))
				}),
				typeof session === "object" && session.name !== null && /* @__PURE__ */ a("span", {
					class: "who",
					children: [
						session.readOnly && /* @__PURE__ */ a("span", {
							class: "tag",
							children: "read only"
						}),
						/* @__PURE__ */ a("span", {
							class: "muted",
							children: session.name
						}),
						/* @__PURE__ */ a("button", {
							type: "button",
							class: "button small",
							onClick: () => logout().then(read, read),
							children: "Log out"
						})
					]
				})
			]
		}),
		/* @__PURE__ */ a("main", {
			id: "main",
			tabIndex: -1,
			children: [
				!isOut && /* @__PURE__ */ a(Palette, {}),
				session === "none" && /* @__PURE__ */ a(LoginPage, { onDone: read }),
				typeof session === "object" && route.page
			]
		})
	] });
}
function NotFound() {
	return /* @__PURE__ */ a("section", {
		class: "page",
		"aria-labelledby": "page-title",
		children: [/* @__PURE__ */ a("h1", {
			id: "page-title",
			children: "There is no such page"
		}), /* @__PURE__ */ a("p", { children: /* @__PURE__ */ a("a", {
			href: "workflows",
			children: "To the workflows"
		}) })]
	});
}
// src/main.tsx
followLinks();
var root = document.getElementById("app");
if (root !== null) Q(/* @__PURE__ */ a(Shell, {}), root);
