(* The cyclic case, U_j = R^j with R orthogonal and R^k = 1: everything is diagonal in frequency. Complex numbers are
   avoided: P_m - i Q_m = (1/k) sum_s e^(-2 pi i m s/k) R^s, in its real and imaginary part. *)
From EM Require Import Prelude NormalLine NormalVector Vectors Expectation Contraction Posteriors.

Section trigonometry.
Variable R : realType.
Implicit Types x : R.

Lemma cosD2pin (m : nat) x : cos (2 * pi * m%:R + x) = cos x.
Proof.
elim: m => [|m IH]; first by rewrite mulr0 add0r.
rewrite -[in RHS]IH (_ : 2 * pi * m.+1%:R + x = 2 * pi * m%:R + x + pi *+ 2); first by rewrite cosD2pi.
by rewrite -natr1; ring.
Qed.

Lemma sinD2pin (m : nat) x : sin (2 * pi * m%:R + x) = sin x.
Proof.
elim: m => [|m IH]; first by rewrite mulr0 add0r.
rewrite -[in RHS]IH (_ : 2 * pi * m.+1%:R + x = 2 * pi * m%:R + x + pi *+ 2); first by rewrite sinD2pi.
by rewrite -natr1; ring.
Qed.

(* 2 sin(x/2) sum_(s < n) cos(s x) telescopes *)
Lemma telescope x (n : nat) :
  2 * sin (x / 2) * (\sum_(s < n) cos (s%:R * x)) = sin (n%:R * x - x / 2) + sin (x / 2).
Proof.
elim: n => [|n IH]; first by rewrite big_ord0 mulr0 mul0r sub0r sinN addNr.
rewrite big_ord_recr/= mulrDr IH.
have -> : n.+1%:R * x - x / 2 = n%:R * x + x / 2 by rewrite -natr1; field.
by rewrite sinB sinD; ring.
Qed.

Lemma sum_cos (k m : nat) : (0 < m < k)%N -> \sum_(s < k) cos (s%:R * (2 * pi * m%:R / k%:R)) = 0 :> R.
Proof.
move=> /andP[m0 mk]; set x := 2 * pi * m%:R / k%:R.
have kp : 0 < k%:R :> R by rewrite ltr0n (ltn_trans m0 mk).
have kn : (k%:R : R) != 0 by rewrite gt_eqF.
have x2 : 0 < sin (x / 2).
  have -> : x / 2 = pi * (m%:R / k%:R) by rewrite /x; field.
  apply: sin_gt0_pi; rewrite mulr_gt0 ?pi_gt0 ?divr_gt0 ?ltr0n ?(ltn_trans m0 mk)//=.
  by rewrite gtr_pMr ?pi_gt0// ltr_pdivrMr// mul1r ltr_nat.
have := telescope x k; have -> : k%:R * x = 2 * pi * m%:R by rewrite /x mulrC divfK.
rewrite sinD2pin sinN addNr => /eqP.
by rewrite mulf_eq0 => /orP[/eqP h|/eqP//]; exfalso; lra.
Qed.

End trigonometry.

Section powers.
Variables (R : realType) (d : nat) (T : 'M[R]_d).

Definition rot (n : nat) : 'M[R]_d := iter n (mulmx T) 1%:M.

Lemma rotS n : rot n.+1 = T *m rot n. Proof. by []. Qed.

Lemma rotD m n : rot (m + n) = rot m *m rot n.
Proof. by elim: m => [|m IH]; rewrite ?mul1mx// addSn !rotS IH mulmxA. Qed.

Lemma rotC m n : rot m *m rot n = rot n *m rot m.
Proof. by rewrite -!rotD addnC. Qed.

Lemma rot_orth n : T^T *m T = 1%:M -> (rot n)^T *m rot n = 1%:M.
Proof.
move=> h; elim: n => [|n IH]; first by rewrite trmx1 mul1mx.
by rewrite rotS trmx_mul mulmxA -[_ *m T^T *m T]mulmxA h mulmx1.
Qed.

End powers.

Section cyclic.
Variables (R : realType) (d k' : nat) (T : 'M[R]_d).
Let k := k'.+1.
Hypothesis T_orth : T^T *m T = 1%:M.
Hypothesis T_order : rot T k = 1%:M.
Notation V := (rot T).

Variable m : nat.
Definition angle : R := 2 * pi * m%:R / k%:R.
Let c (s : nat) : R := cos (s%:R * angle).
Let z (s : nat) : R := sin (s%:R * angle).

Definition Pm : 'M[R]_d := k%:R^-1 *: \sum_(s < k) c s *: V s.
Definition Qm : 'M[R]_d := k%:R^-1 *: \sum_(s < k) z s *: V s.

Let c2z2 s : c s ^+ 2 + z s ^+ 2 = 1. Proof. exact: cos2Dsin2. Qed.

Let kn : (k%:R : R) != 0. Proof. by rewrite pnatr_eq0. Qed.

Let whole : k%:R * angle = 2 * pi * m%:R.
Proof. by rewrite /angle mulrC divfK. Qed.

Let c_last : c k' = cos angle.
Proof.
have e : k'%:R * angle = 2 * pi * m%:R + - angle by rewrite -whole /k -natr1; ring.
by rewrite /c e cosD2pin cosN.
Qed.

Let z_last : z k' = - sin angle.
Proof.
have e : k'%:R * angle = 2 * pi * m%:R + - angle by rewrite -whole /k -natr1; ring.
by rewrite /z e sinD2pin sinN.
Qed.

Let shift (f : nat -> R) : T *m (\sum_(s < k) f s *: V s) =
  f k' *: 1%:M + \sum_(s < k') f s *: V s.+1.
Proof.
rewrite mulmx_sumr big_ord_recr/= addrC; congr (_ + _); last first.
  by apply: eq_bigr => s _; rewrite -scalemxAr.
by rewrite -scalemxAr -T_order.
Qed.

Let split (f : nat -> R) : \sum_(s < k) f s *: V s = f 0 *: 1%:M + \sum_(s < k') f s.+1 *: V s.+1.
Proof. by rewrite big_ord_recl. Qed.

Lemma T_Pm : T *m Pm = cos angle *: Pm + sin angle *: Qm.
Proof.
rewrite /Pm /Qm -scalemxAr shift !split !scalerA !(mulrC _ k%:R^-1) -!scalerA -!scalerDr; congr (_ *: _).
rewrite !scalerDr addrACA !scalerA -!scalerDl c_last; congr (_ *: _ + _).
  by rewrite /c /z !mul0r cos0 sin0; ring.
rewrite !scaler_sumr -big_split/=; apply: eq_bigr => s _.
rewrite !scalerA -scalerDl; congr (_ *: _).
have -> : c s = cos (s.+1%:R * angle - angle) by rewrite /c -natr1; congr cos; ring.
by rewrite cosB /c /z; ring.
Qed.

Lemma T_Qm : T *m Qm = cos angle *: Qm - sin angle *: Pm.
Proof.
rewrite /Pm /Qm -scalemxAr shift !split -scaleNr !scalerA !(mulrC _ k%:R^-1) -!scalerA -!scalerDr; congr (_ *: _).
rewrite !scalerDr addrACA !scalerA -!scalerDl z_last; congr (_ *: _ + _).
  by rewrite /c /z !mul0r cos0 sin0; ring.
rewrite !scaler_sumr -big_split/=; apply: eq_bigr => s _.
rewrite !scalerA -scalerDl; congr (_ *: _).
have -> : z s = sin (s.+1%:R * angle - angle) by rewrite /z -natr1; congr sin; ring.
by rewrite sinB /c /z; ring.
Qed.

Lemma rot_PQ s : V s *m Pm = c s *: Pm + z s *: Qm /\ V s *m Qm = c s *: Qm - z s *: Pm.
Proof.
move: Pm Qm T_Pm T_Qm => P Q TP TQ; elim: s => [|s [IP IQ]].
  by rewrite /c /z !mul0r cos0 sin0 !scale0r !mul1mx !scale1r addr0 subr0.
have cS : c s.+1 = c s * cos angle - z s * sin angle by rewrite /c -natr1 mulrDl mul1r cosD.
have zS : z s.+1 = z s * cos angle + c s * sin angle by rewrite /z -natr1 mulrDl mul1r sinD.
rewrite !rotS -!mulmxA IP IQ mulmxDr mulmxBr -!scalemxAr TP TQ cS zS.
split; apply/matrixP => a b; rewrite !mxE; ring.
Qed.

Lemma rot_tr_PQ s : (V s)^T *m Pm = c s *: Pm - z s *: Qm /\ (V s)^T *m Qm = c s *: Qm + z s *: Pm.
Proof.
have [] := rot_PQ s; have o := rot_orth s T_orth.
move: Pm Qm => P Q IP IQ.
have eP : P = c s *: ((V s)^T *m P) + z s *: ((V s)^T *m Q).
  by rewrite -{1}[P]mul1mx -o -mulmxA IP mulmxDr -!scalemxAr.
have eQ : Q = c s *: ((V s)^T *m Q) - z s *: ((V s)^T *m P).
  by rewrite -{1}[Q]mul1mx -o -mulmxA IQ mulmxBr -!scalemxAr.
move: (c2z2 s) eP eQ; clear; move: (c s) (z s) ((V s)^T *m P) ((V s)^T *m Q) => u v X Y h -> ->.
by split; apply/matrixP => a b; rewrite !mxE; move: (X a b) (Y a b) => x y;
  [rewrite -[LHS]mul1r|rewrite -[LHS]mul1r]; rewrite -h; ring.
Qed.

(* P_m = P_m^T P_m + Q_m^T Q_m, so P_m is symmetric and not negative *)
Lemma Pm_square : Pm = Pm^T *m Pm + Qm^T *m Qm.
Proof.
have trsum (f : nat -> R) (W : 'M[R]_d) : (k%:R^-1 *: \sum_(s < k) f s *: V s)^T *m W =
    k%:R^-1 *: \sum_(s < k) f s *: ((V s)^T *m W).
  rewrite linearZ/= (linear_sum (@trmx R d d)) -scalemxAl mulmx_suml; congr (_ *: _).
  by apply: eq_bigr => s _; rewrite linearZ/= scalemxAl.
rewrite [in Pm^T *m _]/Pm [in Qm^T *m _]/Qm !trsum -scalerDr -big_split/=.
rewrite (eq_bigr (fun=> Pm)); last first.
  move=> s _; have [-> ->] := rot_tr_PQ s; move: (c2z2 s); move: Pm Qm (c s) (z s) => P Q u v h.
  by apply/matrixP => a b; rewrite !mxE -[RHS]mul1r -h; ring.
by rewrite sumr_const card_ord -[X in _ *: X]scaler_nat scalerA mulVf// scale1r.
Qed.

Lemma Pm_sym : Pm^T = Pm.
Proof. by rewrite Pm_square linearD/= !trmx_mul !trmxK. Qed.

Lemma Pm_quad h : dot h (Pm *m h) = dot (Pm *m h) (Pm *m h) + dot (Qm *m h) (Qm *m h).
Proof.
rewrite {1}Pm_square mulmxDl dotDr -!mulmxA; move: Pm Qm => P Q.
by rewrite !dotE !trmx_mul !mulmxA.
Qed.

Lemma Pm_ge0 h : 0 <= dot h (Pm *m h).
Proof. by rewrite Pm_quad addr_ge0// dot_ge0. Qed.

Lemma Pm_comm s : Pm *m V s = V s *m Pm.
Proof.
rewrite /Pm -scalemxAl -scalemxAr mulmx_suml mulmx_sumr; congr (_ *: _).
by apply: eq_bigr => i _; rewrite -scalemxAl -scalemxAr rotC.
Qed.

(* the real and the imaginary part of the discrete Fourier transform of q at m, and its squared modulus *)
Definition dft_re (q : 'I_k -> R) : R := \sum_j q j * c j.
Definition dft_im (q : 'I_k -> R) : R := \sum_j q j * z j.
Definition dft_sqr (q : 'I_k -> R) : R := dft_re q ^+ 2 + dft_im q ^+ 2.
Definition mixed (q : 'I_k -> R) : 'M[R]_d := \sum_j q j *: V j.

(* the eigenvalues of sum_j q_j R^j: a + ib on P_m - i Q_m *)
Lemma mixed_PQ q : mixed q *m Pm = dft_re q *: Pm + dft_im q *: Qm /\
  mixed q *m Qm = dft_re q *: Qm - dft_im q *: Pm.
Proof.
rewrite /mixed !mulmx_suml /dft_re /dft_im; split.
  rewrite !scaler_suml -big_split/=; apply: eq_bigr => j _.
  by rewrite -scalemxAl (rot_PQ j).1 scalerDr !scalerA.
rewrite !scaler_suml -sumrB; apply: eq_bigr => j _.
by rewrite -scalemxAl (rot_PQ j).2 scalerBr !scalerA.
Qed.

Lemma mixed_tr_PQ q : (mixed q)^T *m Pm = dft_re q *: Pm - dft_im q *: Qm /\
  (mixed q)^T *m Qm = dft_re q *: Qm + dft_im q *: Pm.
Proof.
have e : (mixed q)^T = \sum_j q j *: (V j)^T.
  by rewrite (linear_sum (@trmx R d d)); apply: eq_bigr => j _; rewrite linearZ.
rewrite e !mulmx_suml /dft_re /dft_im; split.
  rewrite !scaler_suml -sumrB; apply: eq_bigr => j _.
  by rewrite -scalemxAl (rot_tr_PQ j).1 scalerBr !scalerA.
rewrite !scaler_suml -big_split/=; apply: eq_bigr => j _.
by rewrite -scalemxAl (rot_tr_PQ j).2 scalerDr !scalerA.
Qed.

(* (sum_j q_j R^j)^T (sum_j q_j R^j) P_m = |q^_m|^2 P_m *)
Theorem mixed_square q : (mixed q)^T *m mixed q *m Pm = dft_sqr q *: Pm.
Proof.
have [h1 _] := mixed_PQ q; have [h2 h3] := mixed_tr_PQ q; rewrite /dft_sqr.
move: Pm Qm (dft_re q) (dft_im q) h1 h2 h3 => P Q u v h1 h2 h3.
rewrite -mulmxA h1 mulmxDr -!scalemxAr h2 h3.
by apply/matrixP => a b; rewrite !mxE; ring.
Qed.

Lemma mixed_annihilates q : dft_sqr q = 0 -> mixed q *m Pm = 0.
Proof.
move=> /eqP; rewrite paddr_eq0 ?sqr_ge0// !sqrf_eq0 => /andP[/eqP a0 /eqP b0].
by rewrite (mixed_PQ q).1 a0 b0 !scale0r addr0.
Qed.

End cyclic.

Section frequencies.
Variables (R : realType) (d k' : nat) (T : 'M[R]_d).
Let k := k'.+1.
Hypothesis T_orth : T^T *m T = 1%:M.
Hypothesis T_order : rot T k = 1%:M.

(* the frequencies together are everything *)
Lemma sum_Pm : \sum_(m < k) Pm k' T m = 1%:M.
Proof.
rewrite /Pm -scaler_sumr exchange_big/= big_ord_recl [X in _ + X]big1 ?addr0; last first.
  move=> s _; rewrite -scaler_suml -[RHS](scale0r (rot T (lift ord0 s))); congr (_ *: _).
  rewrite -[RHS](@sum_cos R k (lift ord0 s)) ?ltn_ord//.
  by apply: eq_bigr => m _; rewrite /angle; congr cos; ring.
rewrite (eq_bigr (fun=> 1%:M)); last by move=> m _; rewrite mul0r cos0 scale1r.
by rewrite sumr_const card_ord -[X in _ *: X]scaler_nat scalerA mulVf ?pnatr_eq0// scale1r.
Qed.

Lemma norm_frequencies h : dot h h = \sum_(m < k) dot h (Pm k' T m *m h).
Proof. by rewrite -dot_sumr -mulmx_suml sum_Pm mul1mx. Qed.

(* |sum_j q_j R^j h|^2 = sum_m |q^_m|^2 <h, P_m h> *)
Theorem mixed_norm (q : 'I_k -> R) h : dot (mixed T q *m h) (mixed T q *m h) =
  \sum_(m < k) dft_sqr m q * dot h (Pm k' T m *m h).
Proof.
have -> : dot (mixed T q *m h) (mixed T q *m h) = dot h ((mixed T q)^T *m mixed T q *m h).
  by rewrite !dotE trmx_mul -!mulmxA.
rewrite -[X in _ *m _ *m X]mul1mx -sum_Pm mulmx_suml mulmx_sumr dot_sumr; apply: eq_bigr => m _.
by rewrite mulmxA mixed_square// -scalemxAl dotZr.
Qed.

Theorem mixed_lower (q : 'I_k -> R) (sigma2 : R) : (forall m : 'I_k, sigma2 <= dft_sqr m q) ->
  forall h, sigma2 * dot h h <= dot (mixed T q *m h) (mixed T q *m h).
Proof.
move=> hq h; rewrite mixed_norm norm_frequencies mulr_sumr; apply: ler_sum => m _.
by rewrite ler_wpM2r// Pm_ge0.
Qed.

End frequencies.

(* the maps U_j = T^j, and beta_m(theta) = E |gamma^_m|^2, with the posteriors' transform *)
Definition orbit (R : realType) (d k' : nat) (T : 'M[R]_d) (j : 'I_k'.+1) : 'M[R]_d := rot T j.
Definition beta (R : realType) (d k' : nat) (T : 'M[R]_d) (w : 'I_k'.+1 -> R) (m : nat) (theta : 'cV[R]_d) : R :=
  E (Eg R d) (fun t => dft_sqr m (post (@orbit R d k' T) w theta (@Xg R d t))).
