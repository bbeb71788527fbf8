(* Means L_j theta with any matrices L_j, all means free among them: <theta, grad KL> = E|sum_j gamma_j L_j theta|^2, so
   nothing but 0 is stationary, and KL grows along every ray. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors Tilting Likelihood Densities.

(* a first-order expansion with a remainder of second order is a derivative *)
Lemma derive_of_quadratic (R : realType) (f : R -> R) (a t C : R) : 0 <= C ->
  (forall s, `|s| <= 1 -> `|f (t + s) - f t - s * a| <= C * s ^+ 2) -> is_derive t (1 : R) f a.
Proof.
move=> C0 h.
have lim : h0^-1 *: ((f \o shift t) (h0 *: (1 : R)) - f t) @[h0 --> 0^'] --> a.
  apply/cvgrPdist_le => e e0; near=> s.
  have s0 : s != 0 by near: s; exact: nbhs_dnbhs_neq.
  have s1 : `|s| <= 1 by near: s; apply: dnbhs0_le; exact: ltr01.
  have se : `|s| <= e / (C + 1) by near: s; apply: dnbhs0_le; rewrite divr_gt0// ltr_wpDl.
  rewrite /= /GRing.scale/= mulr1 [s + t]addrC.
  have -> : a - s^-1 * (f (t + s) - f t) = - (s^-1 * (f (t + s) - f t - s * a)).
    by rewrite [s^-1 * (_ - s * a)]mulrBr mulKf// opprB.
  rewrite normrN normrM normfV ler_pdivrMl ?normr_gt0//.
  apply: le_trans (h s s1) _.
  rewrite -[s ^+ 2]real_normK ?num_real// expr2 mulrC -mulrA ler_wpM2l//.
  apply: le_trans (_ : e / (C + 1) * C <= _); first by rewrite ler_wpM2r.
  have c1 : C / (C + 1) <= 1 by rewrite ler_pdivrMr ?ltr_wpDl// mul1r lerDl.
  by rewrite -mulrA [_^-1 * C]mulrC ler_piMr// ltW.
by split; [exact: (cvgP _ lim)|exact: (cvg_lim _ lim)].
Unshelve. all: by end_near.
Qed.

(* E|PX|^2 <= tr P for an orthogonal projection P *)
Section second_moments.
Variables (R : realType) (d : nat).
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).

Variable P : 'M[R]_d.
Hypothesis P_sym : P^T = P.
Hypothesis P_idem : P *m P = P.

Lemma E_sqr_projection_le : LL (fun t => dot (P *m X t) (P *m X t)) /\
  EE (fun t => dot (P *m X t) (P *m X t)) <= \tr P.
Proof.
pose r a : 'cV[R]_d := (row a P)^T.
have e t : dot (P *m X t) (P *m X t) = \sum_a dot (X t) (r a) ^+ 2.
  apply: eq_bigr => a _; rewrite -expr2; congr (_ ^+ 2).
  by rewrite mxE dotC; apply: eq_bigr => i _; rewrite !mxE.
have l a : LL (fun t => dot (X t) (r a) ^+ 2) := L_sqr_dot (r a).
split; first by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sum l)) => t; rewrite e.
rewrite (E_ext _ e) E_sum//; apply: ler_sum => a _; apply: le_trans (E_sqr_dot_le (r a)) _.
rewrite -[in leRHS]P_idem -[X in _ *m X]P_sym mxE le_eqVlt; apply/orP; left; apply/eqP/eq_bigr => i _.
by rewrite !mxE.
Qed.

End second_moments.

(* posteriors of components with any means m_j: those of the maps diag(m_j) at the vector of ones *)
Section means.
Variables (R : realType) (d k : nat) (m : 'I_k -> 'cV[R]_d) (v : 'I_k -> R).
Hypothesis v_gt0 : forall j, 0 < v j.
Hypothesis v_sum : \sum_j v j = 1.
Notation EE := (E (Eg R d)).
Notation LL := (L (Eg R d)).
Notation X := (@Xg R d).

Definition to_mean (j : 'I_k) : 'M[R]_d := diag_mx (m j)^T.
Definition ones : 'cV[R]_d := const_mx 1.

Lemma to_meanE j : to_mean j *m ones = m j.
Proof. by apply/colP => i; rewrite mul_diag_mx !mxE mulr1. Qed.

Definition vpost : 'cV[R]_d -> 'I_k -> R := post to_mean v ones.
Definition vmean (x : 'cV[R]_d) : 'cV[R]_d := \sum_j vpost x j *: m j.

Lemma vpost_ge0 x j : 0 <= vpost x j. Proof. exact: post_ge0. Qed.
Lemma vpost_sum x : \sum_j vpost x j = 1. Proof. exact: post_sum. Qed.

Let lp j : LL (fun t => vpost (X t) j) := L_post to_mean v_gt0 v_sum ones j.
Let lp2 j l : LL (fun t => vpost (X t) j * vpost (X t) l) := L_post2 to_mean v_gt0 v_sum ones j l.
Let lx j a : LL (fun t => X t a 0 * vpost (X t) j) := L_Xpost to_mean v_gt0 v_sum ones j a.

(* E sum_j gamma_j <X, b_j> = E sum_j gamma_j <m_j - sum_l gamma_l m_l, b_j>: Stein's identity *)
Lemma stein_dot (b : 'I_k -> 'cV[R]_d) :
  [/\ LL (fun t => \sum_j vpost (X t) j * dot (X t) (b j)),
      LL (fun t => \sum_j vpost (X t) j * dot (m j - vmean (X t)) (b j)) &
      EE (fun t => \sum_j vpost (X t) j * dot (X t) (b j)) =
      EE (fun t => \sum_j vpost (X t) j * dot (m j - vmean (X t)) (b j))].
Proof.
have e1 t j : vpost (X t) j * dot (X t) (b j) = \sum_a b j a 0 * (X t a 0 * vpost (X t) j).
  by rewrite /dot mulr_sumr; apply: eq_bigr => a _; ring.
have l1 j : LL (fun t => vpost (X t) j * dot (X t) (b j)).
  by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sum (fun a => L_scale (b j a 0) (lx j a)))) => t; rewrite e1.
have e2 t j : vpost (X t) j * dot (m j - vmean (X t)) (b j) =
    \sum_a b j a 0 * (vpost (X t) j * ((to_mean j *m ones) a 0 - \sum_l vpost (X t) l * (to_mean l *m ones) a 0)).
  rewrite /dot [LHS]mulr_sumr; apply: eq_bigr => a _.
  have -> : (m j - vmean (X t)) a 0 = (to_mean j *m ones) a 0 - \sum_l vpost (X t) l * (to_mean l *m ones) a 0.
    rewrite mxE [X in _ + X]mxE summxE to_meanE; congr (_ - _); apply: eq_bigr => l _.
    by rewrite to_meanE mxE.
  ring.
have l3 j a : LL (fun t => vpost (X t) j * ((to_mean j *m ones) a 0 - \sum_l vpost (X t) l * (to_mean l *m ones) a 0)).
  apply: (@L_ext _ _ (Eg R d) (fun t => (to_mean j *m ones) a 0 * vpost (X t) j +
     \sum_l - (to_mean l *m ones) a 0 * (vpost (X t) j * vpost (X t) l))).
    move=> t; rewrite mulrBr mulrC; congr (_ + _); rewrite mulr_sumr -sumrN; apply: eq_bigr => l _.
    by move: (vpost _ j) (vpost _ l) ((_ *m _) a 0) => p q c; ring.
  by apply: L_add; [exact: L_scale|apply: L_sum => l; exact: L_scale].
have l2 j : LL (fun t => vpost (X t) j * dot (m j - vmean (X t)) (b j)).
  apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sum (fun a => L_scale (b j a 0) (l3 j a)))) => t; exact: esym (e2 t j).
split; [exact: L_sum|exact: L_sum|].
rewrite !E_sum//; apply: eq_bigr => j _.
rewrite (E_ext _ (fun t => e1 t j)) (E_ext _ (fun t => e2 t j)) !E_sum; try by move=> a; exact: L_scale.
apply: eq_bigr => a _; rewrite !E_scale//; congr (_ * _).
exact: (Stein_post to_mean v_gt0 v_sum ones j a).
Qed.

Definition spent : R := EE (fun t => \sum_j vpost (X t) j * dot (m j) (m j)).
Definition kept : R := EE (fun t => dot (vmean (X t)) (vmean (X t))).

Lemma L_spent : LL (fun t => \sum_j vpost (X t) j * dot (m j) (m j)).
Proof.
by apply: L_sum => j; apply: (@L_ext _ _ (Eg R d) _ _ _ (L_scale (dot (m j) (m j)) (lp j))) => t; rewrite mulrC.
Qed.

Lemma dot_vmean x y : dot y (vmean x) = \sum_j vpost x j * dot y (m j).
Proof. by rewrite /vmean dot_sumr; apply: eq_bigr => j _; rewrite dotZr. Qed.

Lemma L_kept : LL (fun t => dot (vmean (X t)) (vmean (X t))).
Proof.
apply: (@L_ext _ _ (Eg R d) (fun t => \sum_j \sum_l dot (m l) (m j) * (vpost (X t) j * vpost (X t) l))).
  move=> t; rewrite dot_vmean; apply: eq_bigr => j _; rewrite dotC dot_vmean mulr_sumr.
  by apply: eq_bigr => l _; rewrite [dot (m j) _]dotC; move: (vpost _ j) (vpost _ l) (dot _ _) => p q c; ring.
by apply: L_sum => j; apply: L_sum => l; exact: L_scale.
Qed.

Lemma stein_vmean : LL (fun t => dot (X t) (vmean (X t))) /\ EE (fun t => dot (X t) (vmean (X t))) = spent - kept.
Proof.
have [l1 l2 e] := stein_dot m.
have e1 t : dot (X t) (vmean (X t)) = \sum_j vpost (X t) j * dot (X t) (m j) := dot_vmean (X t) (X t).
have e2 t : \sum_j vpost (X t) j * dot (m j - vmean (X t)) (m j) =
    \sum_j vpost (X t) j * dot (m j) (m j) - dot (vmean (X t)) (vmean (X t)).
  by rewrite dot_vmean -sumrB; apply: eq_bigr => j _; rewrite dotBl mulrBr.
split; first by apply: (@L_ext _ _ (Eg R d) _ _ _ l1) => t; rewrite e1.
by rewrite (E_ext _ e1) e (E_ext _ e2) E_sub//; [exact: L_spent|exact: L_kept].
Qed.

(* where P projects on a space with all differences of means in it, (S - f)^2 <= tr P f *)
Variables (P : 'M[R]_d) (D : R).
Hypothesis P_sym : P^T = P.
Hypothesis P_idem : P *m P = P.
Hypothesis P_differences : forall i j, P *m (m i - m j) = m i - m j.
Hypothesis D_gt0 : 0 < D.
Hypothesis D_ge : \tr P <= D.

Lemma dot_sym (x y : 'cV[R]_d) : dot (P *m x) y = dot x (P *m y).
Proof. by rewrite !dotE trmx_mul P_sym mulmxA. Qed.

(* what the means have outside that space is the same for all *)
Let outside : 'cV[R]_d := \sum_l v l *: (m l - P *m m l).

Let outside_mean j : m j - P *m m j = outside.
Proof.
rewrite /outside (eq_bigr (fun l => v l *: (m j - P *m m j))); last first.
  move=> l _; congr (_ *: _); have := P_differences l j; rewrite mulmxBr => h.
  by apply/eqP; rewrite -subr_eq0 opprD addrACA -opprD h subrr.
by rewrite -scaler_suml v_sum scale1r.
Qed.

Let outside_vmean x : vmean x = P *m vmean x + outside.
Proof.
rewrite /vmean mulmx_sumr -[outside]scale1r -(vpost_sum x) scaler_suml -big_split/=; apply: eq_bigr => j _.
by rewrite -(outside_mean j) -scalemxAr -scalerDr addrC subrK.
Qed.

Theorem spent_bound : (spent - kept) ^+ 2 <= D * kept.
Proof.
have [lV eV] := stein_vmean; have [lP eP] := E_sqr_projection_le P_sym P_idem.
have [lo eo] := E_dot outside.
have e t : dot (P *m X t) (vmean (X t)) = dot (X t) (vmean (X t)) - dot (X t) outside.
  by rewrite dot_sym [in RHS]outside_vmean dotDr addrK.
have lPV : LL (fun t => dot (P *m X t) (vmean (X t))).
  by apply: (@L_ext _ _ (Eg R d) _ _ _ (L_sub lV lo)) => t; rewrite e.
have {}eV : EE (fun t => dot (P *m X t) (vmean (X t))) = spent - kept.
  by rewrite (E_ext _ e) E_sub// eV eo subr0.
set V := spent - kept in eV *.
have ineq s : 0 <= kept - 2 * s * V + s ^+ 2 * D.
  have h t : 0 <= dot (vmean (X t)) (vmean (X t)) +
     (- (2 * s) * dot (P *m X t) (vmean (X t)) + s ^+ 2 * dot (P *m X t) (P *m X t)).
    have := dot_ge0 (vmean (X t) - s *: (P *m X t)).
    rewrite dotBl !dotBr !dotZl !dotZr [dot (vmean _) (P *m _)]dotC.
    by move: (dot (vmean (X t)) (vmean (X t))) (dot (P *m X t) (vmean (X t))) (dot (P *m X t) (P *m X t)) => a b c; lra.
  have l1 : LL (fun t => - (2 * s) * dot (P *m X t) (vmean (X t))) by exact: L_scale.
  have l2 : LL (fun t => s ^+ 2 * dot (P *m X t) (P *m X t)) by exact: L_scale.
  have := E_ge0 (L_add L_kept (L_add l1 l2)) h.
  rewrite E_add//; [|exact: L_kept|exact: L_add].
  rewrite E_add// !E_scale// -/kept eV.
  have := ler_wpM2l (sqr_ge0 s) (le_trans eP D_ge).
  by move: (s ^+ 2 * _) (s ^+ 2 * _) => x y; lra.
have := mulr_ge0 (ltW D_gt0) (ineq (V / D)).
have e2 : V / D * D = V by rewrite divfK// gt_eqF.
have -> : D * (kept - 2 * (V / D) * V + (V / D) ^+ 2 * D) = D * kept - 2 * V * (V / D * D) + (V / D * D) ^+ 2 by ring.
by rewrite e2 => h; rewrite -subr_ge0; apply: le_trans h _; rewrite le_eqVlt; apply/orP; left; apply/eqP; ring.
Qed.

Theorem kept_lower : spent ^+ 2 <= (D + 2 * spent) * kept.
Proof. by have := spent_bound; have := sqr_ge0 kept; move: spent kept => S f; lra. Qed.

End means.
