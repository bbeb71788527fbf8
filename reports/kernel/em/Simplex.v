(* EM and the simplex: A on its span, and why EM does not keep it. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Central Likelihood.
From EM Require Import Necessity Origin Cyclic Frequencies.

(* theta, T theta, T^2 theta ... are the vertices of a regular simplex about 0 *)
Definition regular_simplex (R : realType) (d k' : nat) (T : 'M[R]_d) (theta : 'cV[R]_d) :=
  forall s : nat, (0 < s < k'.+1)%N -> dot theta (rot T s *m theta) = - (dot theta theta / (k'.+1%:R - 1)).

Section simplex.
Variables (R : realType) (d k' : nat) (T : 'M[R]_d) (w : 'I_k'.+1 -> R).
Let k := k'.+1.
Hypothesis T_orth : T^T *m T = 1%:M.
Hypothesis T_order : rot T k = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation U := (@orbit R d k' T).
Notation M := (em_map U w (@Xg R d) (Eg R d)).
Notation B := (Bmx U w (@Xg R d) (Eg R d)).
Notation P m := (Pm k' T m).
Notation A := (\sum_j w j *: U j).
Notation simplex := (regular_simplex k' T).
Notation beta := (beta T w).

Let c : R := k%:R^-1 * (1 + (k%:R - 1)^-1).

(* every frequency but 0 has the same share of a vertex *)
Lemma vertex_share (v : 'cV[R]_d) (m : nat) : (0 < m < k)%N -> simplex v -> dot v (P m *m v) = c * dot v v.
Proof.
move=> mk vs; rewrite /Pm -scalemxAl dotZr mulmx_suml dot_sumr /c -mulrA; congr (_ * _).
have s0 := @sum_cos R k m mk; rewrite big_ord_recl mul0r cos0 in s0.
rewrite big_ord_recl mul0r cos0 scale1r mul1mx mulrDl mul1r; congr (_ + _).
rewrite (eq_bigr (fun s : 'I_k' => - (dot v v / (k%:R - 1)) * cos ((lift ord0 s)%:R * (2 * pi * m%:R / k%:R)))).
  rewrite -mulr_sumr (_ : \sum_(i < k') _ = -1); first by rewrite mulrN1 opprK mulrC.
  by apply/eqP; rewrite -subr_eq0 opprK addrC s0.
move=> s _; have h : (0 < lift ord0 s < k)%N by rewrite lift0/= ltnS ltn_ord.
by move: (vs _ h) => e; rewrite -scalemxAl dotZr e mulrC /angle.
Qed.

Lemma share_gt0 (m : nat) : (0 < m < k)%N -> 0 < c.
Proof.
move=> mk; have k1 : 0 < k%:R - 1 :> R.
  by rewrite subr_gt0 ltr1n; case/andP: mk => m0 mk; exact: leq_ltn_trans m0 mk.
by rewrite /c mulr_gt0 ?invr_gt0 ?ltr0n// addr_gt0// invr_gt0.
Qed.

Lemma frequency_square m theta : dot (M theta) (P m *m M theta) = (1 - beta m theta) ^+ 2 * dot theta (P m *m theta).
Proof.
have Ps := Pm_sym T_orth T_order m; have e := em_frequency T_orth T_order w_gt0 w_sum m theta.
have sw x y : dot x (P m *m y) = dot (P m *m x) y by rewrite !dotE trmx_mul Ps mulmxA.
by rewrite e dotZr sw e dotZl -sw; move: (dot _ _) => q; ring.
Qed.

Lemma beta_near m theta : P m *m theta != 0 -> `|beta m theta - dft_sqr m w| <= 4 * (d%:R + 1) * norm theta.
Proof.
set y := P m *m theta; move=> yn; have yp : 0 < dot y y by rewrite lt_def dot_ge0 dot_eq0 yn.
have o := orbit_orth (k' := k') T_orth.
have := quadratic_near o w_gt0 w_sum 0 theta y; rewrite add0r (gauss_B0 U w_sum).
have -> : dot y ((B theta - A^T *m A) *m y) = (beta m theta - dft_sqr m w) * dot y y.
  have h1 : B theta *m y = beta m theta *: y.
    by rewrite /y mulmxA (B_frequency T_orth T_order w_gt0 w_sum) -scalemxAl.
  have h2 : A^T *m A *m y = dft_sqr m w *: y.
    by rewrite /y mulmxA (mixed_square T_orth T_order m w) -scalemxAl.
  by rewrite mulmxBl h1 h2 -scalerBl dotZr.
by rewrite normrM (gtr0_norm yp) ler_pM2r.
Qed.

(* a vertex has every frequency but 0 *)
Lemma vertex_frequency v m : (0 < m < k)%N -> v != 0 -> simplex v -> P m *m v != 0.
Proof.
move=> mk vn vs; apply/negP => /eqP e; have := vertex_share mk vs; rewrite e dotC dot0l => h2.
have v0 : 0 < dot v v by rewrite lt_def dot_ge0 dot_eq0 vn.
by have := mulr_gt0 (share_gt0 mk) v0; rewrite -h2 ltxx.
Qed.

(* where two transforms differ no small simplex is kept *)
Theorem simplex_lost (m n : nat) theta : (0 < m < k)%N -> (0 < n < k)%N -> theta != 0 -> simplex theta ->
  8 * (d%:R + 1) * norm theta < `|dft_sqr m w - dft_sqr n w| -> ~ simplex (M theta).
Proof.
move=> mk nk tn ts far ks; have c0 := share_gt0 mk.
have q0 : 0 < dot theta theta by rewrite lt_def dot_ge0 dot_eq0 tn.
have one l : (0 < l < k)%N -> dot (M theta) (M theta) = (1 - beta l theta) ^+ 2 * dot theta theta.
  move=> lk; apply: (mulfI (lt0r_neq0 c0)); rewrite -(vertex_share lk ks) frequency_square (vertex_share lk ts).
  by move: (dot _ _) => q; ring.
have be l : 0 <= 1 - beta l theta.
  by have /andP[_ h] := beta_bounds T w_gt0 w_sum l theta; rewrite subr_ge0.
have same : beta m theta = beta n theta.
  have := one n nk; rewrite (one m mk) => /(mulIf (lt0r_neq0 q0)) /eqP.
  by rewrite eqrXn2// => /eqP h; apply: oppr_inj; apply: (addrI 1).
have np l (lk : (0 < l < k)%N) := vertex_frequency lk tn ts.
have hm := beta_near (np m mk); have hn := beta_near (np n nk).
move: far; rewrite ltNge => /negP; apply.
have -> : dft_sqr m w - dft_sqr n w = (beta n theta - dft_sqr n w) - (beta m theta - dft_sqr m w).
  by rewrite same; ring.
apply: le_trans (ler_normB _ _) _; apply: le_trans (lerD hn hm) _.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

(* A^T A is positive definite on the span of a simplex if and only if no transform vanishes *)
Theorem definite_on_simplex (v : 'cV[R]_d) : v != 0 -> simplex v ->
  (forall m : nat, (0 < m < k)%N -> 0 < dft_sqr m w) <->
  (forall a : 'I_k -> R, let h := \sum_s a s *: (rot T s *m v) in h != 0 -> 0 < dot (A *m h) (A *m h)).
Proof.
move=> vn vs; split=> [pos a h hn | def m mk].
  have h0 : 0 < dot h h by rewrite lt_def dot_ge0 dot_eq0 hn.
  set s := \big[Order.min/1]_(m < k | (0 < m)%N) dft_sqr m w.
  have s0 : 0 < s by rewrite lt_bigmin ?ltr01//= => m m0; apply: pos; rewrite m0/=.
  have s1 : s <= 1 by exact: bigmin_le_id.
  apply: lt_le_trans (A_lower T_orth T_order w_sum s1 _ h); first exact: mulr_gt0.
  by move=> m m0; exact: bigmin_le_cond.
rewrite lt_def addr_ge0 ?sqr_ge0// andbT; apply/negP => /eqP z.
have := def (fun s : 'I_k => k%:R^-1 * cos ((s : nat)%:R * angle R k' m)).
have -> : \sum_(s < k) (k%:R^-1 * cos (s%:R * angle R k' m)) *: (rot T s *m v) = P m *m v.
  rewrite /Pm -scalemxAl mulmx_suml scaler_sumr; apply: eq_bigr => s _.
  by rewrite -scalerA -scalemxAl.
move=> /(_ (vertex_frequency mk vn vs)); rewrite mulmxA (mixed_annihilates T_order z) mul0mx dot0l ltxx//.
Qed.

End simplex.

(* four components, of which the cyclic shift of R^4 permutes the coordinates *)
Section four.
Variable R : realType.

Definition turned (s : nat) : 'M[R]_4 := \matrix_(i, j) ((j : nat) == (i + s) %% 4)%N%:R.
Definition shift4 : 'M[R]_4 := turned 1.
Definition vertex4 : 'cV[R]_4 := \col_i (((i : nat) == 0)%N%:R - 4^-1).
Definition weights4 (j : 'I_4) : R := if ((j : nat) == 0)%N then 2^-1 else if ((j : nat) == 1)%N then 4^-1 else 8^-1.

Lemma turned_mul (s : nat) (x : 'cV[R]_4) (i : 'I_4) : (turned s *m x) i 0 = x (Ordinal (ltn_pmod (i + s)%N (isT : (0 < 4)%N))) 0.
Proof.
rewrite mxE (bigD1 (Ordinal (ltn_pmod (i + s)%N (isT : (0 < 4)%N))))//= mxE eqxx mul1r big1 ?addr0// => l ln.
rewrite mxE; case: eqP => [e|_]; last by rewrite mul0r.
by case/eqP: ln; apply: val_inj.
Qed.

Lemma rot_turned s : rot shift4 s = turned s.
Proof.
elim: s => [|s IH]; first by apply/matrixP => i j; rewrite !mxE addn0 modn_small// eq_sym.
rewrite rotS IH; apply/matrixP => i j.
have -> : (shift4 *m turned s) i j = (turned 1 *m col j (turned s)) i 0.
  by rewrite !mxE; apply: eq_bigr => l _; rewrite !mxE.
by rewrite turned_mul !mxE /= modnDml -addnA add1n.
Qed.

Lemma shift4_order : rot shift4 4 = 1%:M.
Proof. by rewrite rot_turned; apply/matrixP => i j; rewrite !mxE modnDr modn_small// eq_sym. Qed.

Lemma shift4_orth : shift4^T *m shift4 = 1%:M.
Proof.
apply/matrixP => i j; rewrite !mxE !big_ord_recl big_ord0 !mxE.
by case: i => [[|[|[|[|//]]]] hi]; case: j => [[|[|[|[|//]]]] hj]; rewrite /= /bump/=; ring.
Qed.

Lemma weights4_gt0 j : 0 < weights4 j.
Proof. by rewrite /weights4; case: ifP => _; [|case: ifP => _]; rewrite invr_gt0. Qed.

Lemma weights4_sum : \sum_j weights4 j = 1.
Proof. by rewrite !big_ord_recl big_ord0 /weights4 /= /bump/=; field. Qed.

Lemma vertex4_simplex (t : R) : regular_simplex 3 shift4 (t *: vertex4).
Proof.
move=> s s4; rewrite rot_turned.
have e (x y : 'cV[R]_4) : dot x y = \sum_i x i 0 * y i 0 by [].
rewrite !e; under eq_bigr do rewrite turned_mul.
case: s s4 => [|[|[|[|s]]]] s4 //; rewrite !big_ord_recl !big_ord0 !mxE /= /bump/=; field; exact: isT.
Qed.

Lemma dft4 : dft_sqr (k' := 3) 1 weights4 - dft_sqr (k' := 3) 2 weights4 = 3 / 32.
Proof.
rewrite /dft_sqr /dft_re /dft_im !big_ord_recl !big_ord0 /weights4 /= /bump/= /angle.
have e1 : 2 * pi * 1 / 4 = pi / 2 :> R by field.
have e2 : 2 * pi * 2 / 4 = pi :> R by field.
rewrite e1 e2 !mul0r !mul1r cos0 sin0.
have c2 : cos (2 * (pi / 2)) = -1 :> R by rewrite mulrC divfK// cospi.
have s2 : sin (2 * (pi / 2)) = 0 :> R by rewrite mulrC divfK// sinpi.
have h3 : 3 * (pi / 2) = pi / 2 + pi :> R by field.
have c3 : cos (3 * (pi / 2)) = 0 :> R by rewrite h3 cosDpi cos_pihalf oppr0.
have s3 : sin (3 * (pi / 2)) = -1 :> R by rewrite h3 sinDpi sin_pihalf.
have d2 : 2 * pi = 0 + pi *+ 2 :> R by rewrite add0r mulr2n mulrDl !mul1r.
have d3 : 3 * pi = 2 * pi + pi :> R by ring.
rewrite c2 s2 c3 s3 d3 cosDpi sinDpi d2 cosD2pi sinD2pi cos0 sin0 cospi sinpi cos_pihalf sin_pihalf; field; exact: isT.
Qed.

(* one step of EM takes a regular simplex to none *)
Theorem simplex4_lost : exists (T : 'M[R]_4) (w : 'I_4 -> R) (theta : 'cV[R]_4),
  [/\ T^T *m T = 1%:M /\ rot T 4 = 1%:M, (forall j, 0 < w j) /\ \sum_j w j = 1, theta != 0, regular_simplex 3 T theta &
      ~ regular_simplex 3 T (em_map (@orbit R 4 3 T) w (@Xg R 4) (Eg R 4) theta)].
Proof.
exists shift4, weights4, (1000^-1 *: vertex4).
have n1 : dot vertex4 vertex4 = 3 / 4 by rewrite /dot !big_ord_recl big_ord0 !mxE /= /bump/=; field.
split; first by split; [exact: shift4_orth|exact: shift4_order].
- by split; [exact: weights4_gt0|exact: weights4_sum].
- by rewrite -dot_eq0 dotZl dotZr n1 !mulf_neq0// invr_neq0.
- exact: vertex4_simplex.
apply: (@simplex_lost R 4 3 shift4 weights4 shift4_orth shift4_order weights4_gt0 weights4_sum 1 2) => //.
- by rewrite -dot_eq0 dotZl dotZr n1 !mulf_neq0// invr_neq0.
- exact: vertex4_simplex.
rewrite dft4 norm_scale gtr0_norm ?invr_gt0//.
have v1 : norm vertex4 <= 1 by rewrite /norm n1 -[leRHS]sqrtr1 ler_wsqrtr//; lra.
by rewrite gtr0_norm ?divr_gt0//; lra.
Qed.

End four.
