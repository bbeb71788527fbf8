(* Where the transform of the weights vanishes at a frequency, beta_m(theta) <= k |theta|^2, so from a start that has
   this frequency neither |theta_t|^2 nor the root of KL has a finite sum. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Tilting Central Likelihood Densities Population Necessity Cyclic Frequencies.

Section vanishing.
Variables (R : realType) (d k' : nat) (T : 'M[R]_d) (w : 'I_k'.+1 -> R).
Let k := k'.+1.
Hypothesis T_orth : T^T *m T = 1%:M.
Hypothesis T_order : rot T k = 1%:M.
Hypothesis w_gt0 : forall j, 0 < w j.
Hypothesis w_sum : \sum_j w j = 1.
Notation U := (@orbit R d k' T).
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).
Notation M := (em_map U w X (Eg R d)).
Notation P m := (Pm k' T m).
Variable m : nat.
Hypothesis vanishes : dft_sqr m w = 0.

Let o j : (U j)^T *m U j = 1%:M. Proof. exact: orbit_orth. Qed.

(* |sum_j D_j e^(i phi_j)| <= sum_j |D_j| *)
Let dft_sqr_le (D : 'I_k -> R) : dft_sqr m D <= (\sum_j `|D j|) ^+ 2.
Proof.
set s := \sum_j `|D j|; have s0 : 0 <= s by apply: sumr_ge0.
rewrite /dft_sqr; set re := dft_re m D; set im := dft_im m D.
pose r := Num.sqrt (re ^+ 2 + im ^+ 2).
have q0 : 0 <= re ^+ 2 + im ^+ 2 by rewrite addr_ge0 ?sqr_ge0.
have r2 : r ^+ 2 = re ^+ 2 + im ^+ 2 by rewrite sqr_sqrtr.
have r0 : 0 <= r by exact: sqrtr_ge0.
rewrite -r2 lerXn2r ?nnegrE//.
have one j : `|re * cos (j%:R * angle R k' m) + im * sin (j%:R * angle R k' m)| <= r.
  rewrite -sqrtr_sqr ler_wsqrtr//; have := cos2Dsin2 (j%:R * angle R k' m).
  move: (cos _) (sin _) => c z cz; rewrite -subr_ge0.
  have -> : re ^+ 2 + im ^+ 2 - (re * c + im * z) ^+ 2 = (re * z - im * c) ^+ 2 + (re ^+ 2 + im ^+ 2) * (1 - (c ^+ 2 + z ^+ 2)).
    by ring.
  by rewrite cz subrr mulr0 addr0 sqr_ge0.
have : r ^+ 2 <= r * s.
  rewrite r2; have -> : re ^+ 2 + im ^+ 2 = \sum_j D j * (re * cos (j%:R * angle R k' m) + im * sin (j%:R * angle R k' m)).
    transitivity (re * dft_re m D + im * dft_im m D); first by rewrite -/re -/im !expr2.
    rewrite /dft_re /dft_im !mulr_sumr -big_split/=; apply: eq_bigr => j _; ring.
  rewrite mulr_sumr; apply: ler_sum => j _; apply: le_trans (ler_norm _) _.
  by rewrite normrM mulrC ler_wpM2r.
have [->|rn] := eqVneq r 0; first by rewrite s0.
by rewrite expr2 ler_pM2l// lt_def rn.
Qed.

Let posterior_le theta x : dft_sqr m (post U w theta x) <= \sum_j dot x (U j *m theta) ^+ 2.
Proof.
pose y j := dot x (U j *m theta); set q := \sum_j _.
have q0 : 0 <= q by apply: sumr_ge0 => j _; exact: sqr_ge0.
have y_le j : `|y j| <= Num.sqrt q.
  rewrite -sqrtr_sqr ler_wsqrtr// /q (bigD1 j)//= lerDl; apply: sumr_ge0 => l _; exact: sqr_ge0.
have w0 j : 0 <= w j by exact: ltW.
have pw : post U w 0 x = w.
  apply/funext => j; have e l : w l * expR (dot x (U l *m 0)) = w l by rewrite mulmx0 dotC dot0l expR0 mulr1.
  by rewrite /post (eq_bigr _ (fun l _ => e l)) w_sum divr1 e.
have pt : post U w theta x = tilt w y.
  by apply/funext => j; rewrite -[in LHS](add0r theta) (post_change U w_gt0 w_sum) pw.
have := sum_tilt_change_sharp w0 w_sum (sqrtr_ge0 q) y_le; rewrite -pt => h.
have -> : dft_sqr m (post U w theta x) = dft_sqr m (fun j => post U w theta x j - w j).
  have := vanishes; rewrite /dft_sqr => /eqP; rewrite paddr_eq0 ?sqr_ge0// !sqrf_eq0 => /andP[/eqP re /eqP im].
  have er : dft_re m (fun j => post U w theta x j - w j) = dft_re m (post U w theta x).
    by rewrite /dft_re; under eq_bigr do rewrite mulrBl; rewrite sumrB -/(dft_re m w) re subr0.
  have ei : dft_im m (fun j => post U w theta x j - w j) = dft_im m (post U w theta x).
    by rewrite /dft_im; under eq_bigr do rewrite mulrBl; rewrite sumrB -/(dft_im m w) im subr0.
  by rewrite er ei.
apply: le_trans (dft_sqr_le _) _; rewrite -(sqr_sqrtr q0) lerXn2r ?nnegrE ?sqrtr_ge0//.
by apply: sumr_ge0 => j _.
Qed.

Theorem beta_vanishes theta : beta T w m theta <= k%:R * dot theta theta.
Proof.
have l j : LL (fun t => dot (X t) (U j *m theta) ^+ 2) := L_sqr_dot (U j *m theta).
apply: (@le_trans _ _ (EE (fun t => \sum_j dot (X t) (U j *m theta) ^+ 2))).
  by apply: E_mono; [exact: L_dft_sqr|exact: L_sum|move=> t; exact: posterior_le].
rewrite E_sum// mulr_natl -[X in _ *+ X]card_ord -sumr_const; apply: ler_sum => j _.
by apply: le_trans (E_sqr_dot_le _) _; rewrite (dot_U o).
Qed.

Variable theta : 'cV[R]_d.
Hypothesis excited : P m *m theta != 0.
Let x t := dot (iter t M theta) (iter t M theta).
Let a t := norm (P m *m iter t M theta).

Let x_ge0 t : 0 <= x t. Proof. exact: dot_ge0. Qed.

Let x_falls s t : x (s + t) <= x t.
Proof. by rewrite /x iterD; exact: (iterates_in_ball o w_gt0 w_sum). Qed.

Let a_step t : a t.+1 = (1 - beta T w m (iter t M theta)) * a t.
Proof.
rewrite /a iterS (em_frequency T_orth T_order w_gt0 w_sum).
have /andP[_ b1] := beta_bounds T w_gt0 w_sum m (iter t M theta).
by rewrite /norm dotZl dotZr mulrA -expr2 sqrtrM ?sqr_ge0// sqrtr_sqr ger0_norm// subr_ge0.
Qed.

Let a_gt0 t : 0 < a t.
Proof.
rewrite lt_def norm_ge0 andbT; apply: contraT; rewrite negbK => /eqP at0.
have Ps := Pm_sym T_orth T_order m.
have AP : (\sum_j w j *: U j) *m P m = 0 by exact: mixed_annihilates.
have Pc j : P m *m U j = U j *m P m by exact: Pm_comm.
have := em_keeps_iterates o w_gt0 w_sum Ps Pc AP theta t; rewrite -/(a t) at0.
rewrite pmulr_rle0 ?expR_gt0// => h; have /eqP := le_anti (introT andP (conj h (norm_ge0 _))).
by rewrite -sqrf_eq0 sqr_norm dot_eq0 (negbTE excited).
Qed.

(* e^(-2b) <= 1 - b for b <= 1/2 *)
Let slow (b : R) : 0 <= b <= 1 / 2 -> expR (- (2 * b)) <= 1 - b.
Proof.
move=> /andP[b0 b1]; rewrite expRN; have := expR_ge1Dx (2 * b) => h.
have p1 : 0 < 1 + 2 * b by lra.
apply: (@le_trans _ _ (1 + 2 * b)^-1); first by rewrite lef_pV2// posrE (lt_le_trans p1 h).
rewrite -div1r ler_pdivrMr//.
have b2 : 0 <= 1 / 2 - b by lra.
by rewrite -subr_ge0 (_ : _ - 1 = 2 * (b * (1 / 2 - b))); [rewrite mulr_ge0// mulr_ge0|field].
Qed.

Let kept t n : k%:R * x t <= 1 / 2 ->
  expR (- (2 * k%:R * \sum_(i < n) x (i + t))) * a t <= a (n + t).
Proof.
move=> xt; elim: n => [|n IH]; first by rewrite big_ord0 mulr0 oppr0 expR0 mul1r.
rewrite addSn a_step big_ord_recr/= mulrDr opprD expRD mulrAC [leRHS]mulrC.
have /andP[b0 _] := beta_bounds T w_gt0 w_sum m (iter (n + t) M theta).
have b1 := beta_vanishes (iter (n + t) M theta); rewrite -/(x (n + t)) in b1.
have k0 : 0 <= k%:R :> R by rewrite ler0n.
have b2 : beta T w m (iter (n + t) M theta) <= 1 / 2.
  by apply: le_trans b1 _; apply: le_trans xt; rewrite ler_wpM2l// x_falls.
apply: ler_pM => //; rewrite ?mulr_ge0 ?expR_ge0 ?norm_ge0//.
apply: le_trans (slow _); last by rewrite b0 b2.
by rewrite ler_expR lerN2 -mulrA ler_wpM2l.
Qed.

Let unbounded (c : R) : 0 < c -> forall C, exists n : nat, C < n%:R * c.
Proof.
move=> c0 C; exists (Num.bound (`|C| / c)); rewrite -ltr_pdivrMr//.
apply: le_lt_trans (archi_boundP (divr_ge0 (normr_ge0 C) (ltW c0))).
by rewrite ler_pM2r ?invr_gt0// ler_norm.
Qed.

(* the squares of the norms have no finite sum *)
Theorem squares_diverge (C : R) : exists n : nat, C < \sum_(t < n) x t.
Proof.
apply: contrapT => h; have {}h n : \sum_(t < n) x t <= C.
  by rewrite leNgt; apply/negP => c; apply: h; exists n.
have k0 : 0 < k%:R :> R by rewrite ltr0n.
have [t xt] : exists t, k%:R * x t <= 1 / 2.
  apply: contrapT => g; have {}g t : 1 / 2 / k%:R <= x t.
    rewrite ler_pdivrMr// [leRHS]mulrC leNgt; apply/negP => c; apply: g; exists t; exact: ltW.
  have [n cn] := unbounded (divr_gt0 (divr_gt0 ltr01 (ltr0n R 2)) k0) C.
  have := h n; rewrite leNgt; apply/negP/negPn; apply: lt_le_trans cn _.
  by rewrite -[n in n%:R]card_ord mulr_natl -sumr_const; apply: ler_sum => i _.
have tail n : \sum_(i < n) x (i + t) <= C.
  apply: le_trans (h (t + n)%N); rewrite (eq_bigr (fun i : 'I_n => x (t + i))); last by move=> i _; rewrite addnC.
  by rewrite big_split_ord/= lerDr; apply: sumr_ge0 => i _.
have [K K0 Kb] := mulmx_bounded (P m).
pose e := expR (- (2 * k%:R * C)) * a t.
have e0 : 0 < e by rewrite mulr_gt0 ?expR_gt0.
have low n : e <= K * norm (iter (n + t) M theta).
  apply: le_trans (Kb _); apply: le_trans (kept n xt); rewrite ler_wpM2r ?norm_ge0// ler_expR lerN2.
  by rewrite ler_wpM2l// mulr_ge0// ltW.
have Kp : 0 < K.
  by have h1 := lt_le_trans e0 (low 0%N); rewrite lt_def K0 andbT; apply: contraTneq h1 => ->; rewrite mul0r ltxx.
have c0 : 0 < (e / K) ^+ 2 by rewrite exprn_gt0// divr_gt0.
have [n cn] := unbounded c0 C; have := tail n; rewrite leNgt => /negP; apply.
apply: lt_le_trans cn _; rewrite -[n in n%:R]card_ord mulr_natl -sumr_const; apply: ler_sum => i _.
have le_norm : e / K <= norm (iter (i + t) M theta) by rewrite ler_pdivrMr// mulrC; exact: low.
by rewrite /x -sqr_norm lerXn2r ?nnegrE ?norm_ge0// divr_ge0// ltW.
Qed.

End vanishing.
