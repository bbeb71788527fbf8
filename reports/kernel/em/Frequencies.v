(* EM on the orbit of a rotation: each frequency contracts by itself, and vanishing transforms rule out any rate. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Central Likelihood Necessity Cyclic.

Section uniform.
Variable R : realType.

Lemma telescope_sin (x : R) (n : nat) :
  2 * sin (x / 2) * (\sum_(s < n) sin (s%:R * x)) = cos (x / 2) - cos (n%:R * x - x / 2).
Proof.
elim: n => [|n IH]; first by rewrite big_ord0 mulr0 mul0r sub0r cosN subrr.
rewrite big_ord_recr/= mulrDr IH.
have -> : n.+1%:R * x - x / 2 = n%:R * x + x / 2 by rewrite -natr1; field.
by rewrite cosB cosD; ring.
Qed.

Lemma sum_sin (k m : nat) : (0 < m < k)%N -> \sum_(s < k) sin (s%:R * (2 * pi * m%:R / k%:R)) = 0 :> R.
Proof.
move=> /andP[m0 mk]; set x := 2 * pi * m%:R / k%:R.
have kp : 0 < k%:R :> R by rewrite ltr0n (ltn_trans m0 mk).
have kn : (k%:R : R) != 0 by rewrite gt_eqF.
have x2 : 0 < sin (x / 2).
  have -> : x / 2 = pi * (m%:R / k%:R) by rewrite /x; field.
  apply: sin_gt0_pi; rewrite mulr_gt0 ?pi_gt0 ?divr_gt0 ?ltr0n ?(ltn_trans m0 mk)//=.
  by rewrite gtr_pMr ?pi_gt0// ltr_pdivrMr// mul1r ltr_nat.
have := telescope_sin x k; have -> : k%:R * x = 2 * pi * m%:R by rewrite /x mulrC divfK.
rewrite cosD2pin cosN subrr => /eqP.
by rewrite mulf_eq0 => /orP[/eqP h|/eqP//]; exfalso; lra.
Qed.

(* with equal weights every transform but that at 0 vanishes *)
Theorem dft_uniform k' (m : nat) : (0 < m < k'.+1)%N -> @dft_sqr R k' m (fun=> k'.+1%:R^-1) = 0.
Proof.
move=> h; rewrite /dft_sqr /dft_re /dft_im -!mulr_sumr /angle sum_cos// sum_sin//.
by rewrite mulr0 expr0n/= addr0.
Qed.

End uniform.

Section frequencies.
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
Notation B := (Bmx U w X (Eg R d)).
Notation P m := (Pm k' T m).
Notation loss := (loss U w).

Lemma orbit_orth j : (U j)^T *m U j = 1%:M.
Proof. exact: rot_orth. Qed.

Lemma dft_sqr_bounds m (q : 'I_k -> R) : (forall j, 0 <= q j) -> \sum_j q j = 1 -> 0 <= dft_sqr m q <= 1.
Proof.
move=> q0 q1; rewrite addr_ge0 ?sqr_ge0//=.
apply: (@le_trans _ _ (\sum_j q j)); last by rewrite q1.
rewrite (eq_bigr (fun j => q j * cos (j%:R * angle R k' m) ^+ 2 + q j * sin (j%:R * angle R k' m) ^+ 2)); last first.
  by move=> j _; rewrite -mulrDr cos2Dsin2 mulr1.
by rewrite big_split/= lerD// jensen.
Qed.

Lemma L_dft_sqr m theta : LL (fun t => dft_sqr m (post U w theta (X t))).
Proof.
have l (f : 'I_k -> R) : LL (fun t => (\sum_j post U w theta (X t) j * f j) ^+ 2).
  apply: (@L_ext _ _ (Eg R d) (fun t => \sum_j \sum_l (f j * f l) * (post U w theta (X t) j * post U w theta (X t) l))).
    move=> t; rewrite expr2 mulr_suml; apply: eq_bigr => j _; rewrite mulr_sumr; apply: eq_bigr => l _; ring.
  by apply: L_sum => j; apply: L_sum => l; apply: L_scale; exact: L_post2.
by apply: L_add; exact: l.
Qed.

Lemma L_GG theta a c : LL (fun t => ((Gmap U w theta (X t))^T *m Gmap U w theta (X t)) a c).
Proof.
apply: (@L_ext _ _ (Eg R d) (fun t => \sum_j \sum_l ((U j)^T *m U l) a c * (post U w theta (X t) j * post U w theta (X t) l))).
  move=> t; rewrite Gmap_tr mulmx_suml summxE; apply: eq_bigr => j _.
  rewrite /Gmap mulmx_sumr summxE; apply: eq_bigr => l _.
  by rewrite -scalemxAl -scalemxAr scalerA [RHS]mxE mulrC.
by apply: L_sum => j; apply: L_sum => l; apply: L_scale; exact: L_post2.
Qed.

Theorem B_frequency m theta : B theta *m P m = beta T w m theta *: P m.
Proof.
apply/matrixP => a b; rewrite [RHS]mxE mulrC [LHS]mxE.
have h t : ((Gmap U w theta (X t))^T *m Gmap U w theta (X t) *m P m) a b = P m a b * dft_sqr m (post U w theta (X t)).
  by rewrite (mixed_square T_orth T_order m (post U w theta (X t))) mxE mulrC.
rewrite -E_scale; last exact: L_dft_sqr.
rewrite -(E_ext _ h) (E_ext (Eg R d) (fun t => mxE _ _ a b)).
rewrite (E_ext (Eg R d) (g := fun t => \sum_c P m c b * ((Gmap U w theta (X t))^T *m Gmap U w theta (X t)) a c)); last first.
  by move=> t; apply: eq_bigr => c _; rewrite mulrC.
rewrite E_sum; last by move=> c; apply: L_scale; exact: L_GG.
apply: eq_bigr => c _; rewrite E_scale; last exact: L_GG.
by rewrite [B theta a c]mxE mulrC.
Qed.

(* each frequency contracts by itself *)
Theorem em_frequency m theta : P m *m M theta = (1 - beta T w m theta) *: (P m *m theta).
Proof.
have PB : P m *m B theta = beta T w m theta *: P m.
  have Bs := gauss_B_sym U w theta; have Ps := Pm_sym T_orth T_order m.
  by rewrite -{1}Ps -{1}Bs -trmx_mul B_frequency linearZ/= Ps.
rewrite (gauss_EM_identity orbit_orth w_gt0 w_sum) mulmxBr mulmxA PB -scalemxAl.
by rewrite scalerBl scale1r.
Qed.

Theorem beta_bounds m theta : 0 <= beta T w m theta <= 1.
Proof.
have h t := dft_sqr_bounds m (post_ge0 U w_gt0 w_sum theta (X t)) (post_sum U w_gt0 w_sum theta (X t)).
apply/andP; split; first by apply: E_ge0; [exact: L_dft_sqr|move=> t; have /andP[] := h t].
rewrite -[leRHS](E_cst (Eg R d)); apply: E_mono; [exact: L_dft_sqr|exact: L_cst|].
by move=> t; have /andP[] := h t.
Qed.

Notation A := (\sum_j w j *: U j).

Lemma dft_sqr0 : dft_sqr 0 w = 1.
Proof.
have a0 : angle R k' 0 = 0 by rewrite /angle mulr0 mul0r.
rewrite /dft_sqr /dft_re /dft_im a0.
under eq_bigr do rewrite mulr0 cos0 mulr1.
by rewrite w_sum [X in _ + X ^+ 2]big1 ?expr1n ?expr0n ?addr0// => j _; rewrite mulr0 sin0 mulr0.
Qed.

Lemma A_lower (sigma2 : R) : sigma2 <= 1 -> (forall m : 'I_k, (0 < m)%N -> sigma2 <= dft_sqr m w) ->
  forall h, sigma2 * dot h h <= dot (A *m h) (A *m h).
Proof.
move=> s1 h; apply: mixed_lower => // m; have [m0|m0] := posnP m; last exact: h.
by rewrite m0 dft_sqr0.
Qed.

(* the bound is attained on the range of P_m *)
Lemma A_frequency m h : dot (A *m (P m *m h)) (A *m (P m *m h)) = dft_sqr m w * dot (P m *m h) (P m *m h).
Proof.
have e : A^T *m (A *m (P m *m h)) = dft_sqr m w *: (P m *m h).
  by rewrite !mulmxA (mixed_square T_orth T_order m w) -scalemxAl.
by rewrite -dotZr -e !dotE !trmx_mul !mulmxA.
Qed.

Theorem no_rate m theta (C q : R) : dft_sqr m w = 0 -> P m *m theta != 0 -> 0 <= q < 1 ->
  ~ (forall n, norm (iter n M theta) <= C * q ^+ n) /\ ~ (forall n, loss (iter n M theta) <= C * q ^+ n).
Proof.
move=> wm Pt q01.
have Ps := Pm_sym T_orth T_order m; have AP : A *m P m = 0 by exact: mixed_annihilates.
have Pc j : P m *m U j = U j *m P m by exact: Pm_comm.
split.
  exact: (@no_rate_of_norm _ _ _ U w orbit_orth w_gt0 w_sum (P m) Ps Pc AP theta C q Pt q01).
exact: (@no_rate_of_loss _ _ _ U w orbit_orth w_gt0 w_sum (P m) Ps Pc AP theta C q Pt q01).
Qed.

End frequencies.
