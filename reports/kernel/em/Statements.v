(* What is proved, and nothing else: definitions and statements, each for every dimension d and number of components k.

   R is a field of real numbers, 'cV[R]_d its column vectors, 'M[R]_d its d x d matrices, *m their product, ^T the
   transpose, and iter n f x is f applied n times to x. *)
From EM Require Import Prelude NormalVector Vectors Expectation Contraction Posteriors Densities Tied Cyclic Simplex.

Section setting.
Variables (R : realType) (d k : nat) (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R).

(* every U_j is orthogonal; the weights are positive and sum to 1 *)
Definition orthogonal_maps := forall j, (U j)^T *m U j = 1%:M.
Definition weights := (forall j, 0 < w j) /\ \sum_j w j = 1.

(* X ~ N(0, I_d), the integral over its law, and one step of population EM: M(theta) = E sum_j gamma_j U_j^T X with
   gamma_j = w_j e^<X, U_j theta> / sum_l w_l e^<X, U_l theta> *)
Definition X := @Xg R d.
Definition mean := E (Eg R d).
Definition M (theta : 'cV[R]_d) := em_map U w X (Eg R d) theta.

(* B(theta) = E G^T G with G = sum_j gamma_j U_j, and A = sum_j w_j U_j *)
Definition B (theta : 'cV[R]_d) := Bmx U w X (Eg R d) theta.
Definition A := \sum_j w j *: U j.

(* sigma2 is at most the square of A's least singular value *)
Definition below_spectrum (sigma2 : R) := forall h : 'cV[R]_d, sigma2 * dot h h <= dot (A *m h) (A *m h).

(* KL(N(0, I_d) || p_theta); its gradient is theta - M(theta), see em_is_gradient_descent *)
Definition KL (theta : 'cV[R]_d) := kl U w theta.
Definition gradient (theta : 'cV[R]_d) := theta - M theta.

(* ||x_n|| or a divergence x_n goes to 0 at an exponential rate *)
Definition exponential (x : nat -> R) := exists C q : R, 0 <= q < 1 /\ forall n, x n <= C * q ^+ n.
End setting.

Definition for_all_mixtures (claim : forall (R : realType) (d k : nat), ('I_k -> 'M[R]_d) -> ('I_k -> R) -> Prop) :=
  forall (R : realType) (d k : nat) (U : 'I_k -> 'M[R]_d) (w : 'I_k -> R),
    orthogonal_maps U -> weights w -> claim R d k U w.

(* The posteriors are those of Bayes' rule, with the density of N(mu, I_d). *)
Definition posteriors_by_bayes := for_all_mixtures (fun R d k U w => forall theta x j,
  post U w theta x j = w j * gauss_density (x - U j *m theta) / mixture_density U w theta x).

(* M(theta) maximises the expected log-likelihood of the complete data, and nothing else does. *)
Definition em_maximises := for_all_mixtures (fun R d k U w => forall theta theta',
  surrogate U w theta theta' =
    surrogate U w theta (M U w theta) - dot (theta' - M U w theta) (theta' - M U w theta) / 2).

(* On n + 1 points x_i EM's map is the mean of sum_j gamma_j(x_i) U_j^T x_i; it maximises the mean of the expected
   log-likelihoods of the complete data, and nothing else does. *)
Definition em_maximises_on_samples := for_all_mixtures (fun R d k U w =>
  forall (n : nat) (x : 'I_n.+1 -> 'cV[R]_d) theta theta',
  sample_surrogate U w x theta theta' = sample_surrogate U w x theta (sample_map U w x theta) -
    dot (theta' - sample_map U w x theta) (theta' - sample_map U w x theta) / 2).

(* theta - M(theta) is the gradient of KL: EM is gradient descent with unit step. The upper bound says that the
   gradient's Lipschitz constant is 1. *)
Definition em_is_gradient_descent := for_all_mixtures (fun R d k U w => forall theta h,
  - (4 * d%:R * dot h h) <= KL U w (theta + h) - KL U w theta - dot (gradient U w theta) h <= dot h h / 2).

(* M(theta) = (I - B(theta)) theta with a symmetric B(theta) between 0 and I, and B(0) = A^T A. *)
Definition em_identity := for_all_mixtures (fun R d k U w => forall theta,
  [/\ M U w theta = theta - B U w theta *m theta, (B U w theta)^T = B U w theta,
      forall h, 0 <= dot h (B U w theta *m h) <= dot h h & B U w 0 = (A U w)^T *m A U w]).

(* B(theta) is at least e^(-|theta|^2) A^T A. *)
Definition posterior_lower_bound := for_all_mixtures (fun R d k U w => forall theta h,
  expR (- dot theta theta) * dot (A U w *m h) (A U w *m h) <= dot h (B U w theta *m h)).

(* No step moves away from 0. *)
Definition em_never_diverges := for_all_mixtures (fun R d k U w => forall theta, norm (M U w theta) <= norm theta).

(* EM contracts on |theta| <= rho by the factor 1 - e^(-rho^2) sigma^2. *)
Definition em_contracts := for_all_mixtures (fun R d k U w => forall (sigma2 rho : R) theta,
  0 <= sigma2 <= 1 -> below_spectrum U w sigma2 -> norm theta <= rho ->
  norm (M U w theta) <= (1 - expR (- rho ^+ 2) * sigma2) * norm theta).

(* Global linear convergence, from every start. *)
Definition em_converges := for_all_mixtures (fun R d k U w => forall (sigma2 : R) theta n,
  0 <= sigma2 <= 1 -> below_spectrum U w sigma2 ->
  norm (iter n (M U w) theta) <= (1 - expR (- norm theta ^+ 2) * sigma2) ^+ n * norm theta).

(* KL is between 0 and |theta|^2/2, and each step lowers it by at least half the squared gradient. *)
Definition kl_descends := for_all_mixtures (fun R d k U w => forall theta,
  0 <= KL U w theta <= dot theta theta / 2 /\
  KL U w (M U w theta) <= KL U w theta - dot (gradient U w theta) (gradient U w theta) / 2).

(* The Polyak-Lojasiewicz inequality on a ball of any radius. *)
Definition polyak_lojasiewicz := for_all_mixtures (fun R d k U w => forall (sigma2 rho : R) theta,
  0 <= sigma2 -> below_spectrum U w sigma2 -> norm theta <= rho ->
  expR (- (2 * rho ^+ 2)) * sigma2 ^+ 2 * KL U w theta <= dot (gradient U w theta) (gradient U w theta) / 2).

(* With any PL constant mu on the ball of the start each step multiplies KL by at most 1 - mu, and KL is at most eps
   after log(KL/eps) / -log(1 - mu) steps. *)
Definition kl_converges := for_all_mixtures (fun R d k U w => forall (mu : R) theta, 0 < mu < 1 ->
  (forall eta, norm eta <= norm theta ->
    mu * KL U w eta <= dot (gradient U w eta) (gradient U w eta) / 2) ->
  (forall n, KL U w (iter n (M U w) theta) <= (1 - mu) ^+ n * KL U w theta) /\
  (forall eps n, 0 < eps -> 0 < KL U w theta -> ln (KL U w theta / eps) / - ln (1 - mu) <= n%:R ->
    KL U w (iter n (M U w) theta) <= eps)).

(* An invertible A has such a sigma. *)
Definition invertible_has_spectrum := for_all_mixtures (fun R d k U w => A U w \in unitmx ->
  exists2 sigma2 : R, 0 < sigma2 <= 1 & below_spectrum U w sigma2).

(* 0 is the only stationary point, whatever the weights; the gradient is bounded from below in every direction. *)
Definition only_stationary_point := for_all_mixtures (fun R d k U w => forall theta,
  (M U w theta = theta <-> theta = 0) /\
  dot theta theta ^+ 2 <= (d%:R + 2 * dot theta theta) * dot theta (gradient U w theta)).

(* Where A annihilates a symmetric P that commutes with all U_j, no start with a part there converges at an
   exponential rate, neither in norm nor in KL. *)
Definition no_exponential_rate := for_all_mixtures (fun R d k U w => forall (P : 'M[R]_d) theta,
  P^T = P -> (forall j, P *m U j = U j *m P) -> A U w *m P = 0 -> P *m theta != 0 ->
  ~ exponential (fun n => norm (iter n (M U w) theta)) /\ ~ exponential (fun n => KL U w (iter n (M U w) theta))).

(* M(theta) is (I - A^T A) theta but for second order: the Jacobian at 0. *)
Definition jacobian_at_origin := for_all_mixtures (fun R d k U w => forall theta,
  norm (M U w theta - (theta - (A U w)^T *m A U w *m theta)) <= 12 * (d%:R + 1) * norm theta ^+ 2).

(* KL is strongly convex with the parameter sigma^2/2 on |theta| <= sigma^2/(26 (d + 1)): where KL has a Hessian there,
   its least eigenvalue is at least sigma^2/2. *)
Definition strongly_convex_near_origin := for_all_mixtures (fun R d k U w => forall (sigma2 : R) a b,
  0 <= sigma2 <= 1 -> below_spectrum U w sigma2 ->
  norm a <= sigma2 / (26 * (d%:R + 1)) -> norm b <= sigma2 / (26 * (d%:R + 1)) ->
  KL U w a + dot (gradient U w a) (b - a) + sigma2 / 4 * dot (b - a) (b - a) <= KL U w b).

(* Where each U_j is within e_j of another V_j, A is within sum_j w_j e_j of that of the V_j, and so are the least
   singular values of both. *)
Definition approximate_maps := forall (R : realType) (d k : nat) (U V : 'I_k -> 'M[R]_d) (w e : 'I_k -> R) (s : R),
  weights w -> (forall j h, norm ((U j - V j) *m h) <= e j * norm h) ->
  (forall h, s * norm h <= norm (A V w *m h)) ->
  forall h, (s - \sum_j w j * e j) * norm h <= norm (A U w *m h).

(* Where A annihilates a vector, no bound C q^n |theta| with q < 1 holds for all small starts. *)
Definition no_rate_near_origin := for_all_mixtures (fun R d k U w => forall (u : 'cV[R]_d) (C q rho : R),
  A U w *m u = 0 -> u != 0 -> 0 <= q < 1 -> 0 < rho ->
  exists (theta : 'cV[R]_d) n, norm theta <= rho /\ C * q ^+ n * norm theta < norm (iter n (M U w) theta)).

(* Any tying: the means are L_j theta with matrices L_j of any shape, d x q, so that all means may be free. On
   N(0, I_d) tied_post are the posteriors by Bayes' rule, tied_kl is the divergence, tied_mean = sum_j gamma_j L_j theta,
   tied_gradient = E sum_j gamma_j L_j^T (L_j theta - X), and tied_spent = E sum_j gamma_j |L_j theta|^2. *)
Definition for_all_tyings (claim : forall (R : realType) (d q k : nat), ('I_k -> 'M[R]_(d, q)) -> ('I_k -> R) -> Prop) :=
  forall (R : realType) (d q k : nat) (L : 'I_k -> 'M[R]_(d, q)) (w : 'I_k -> R), weights w -> claim R d q k L w.

(* The rows of V span a space with all differences of means in it. *)
Definition has_differences (R : realType) (d q k n : nat) (L : 'I_k -> 'M[R]_(d, q))
  (theta : 'cV[R]_q) (V : 'M[R]_(n, d)) :=
  forall i j, ((L i *m theta - L j *m theta)^T <= V)%MS.

(* Such a space has at most the dimension d, and there is one of dimension at most k - 1. *)
Definition differences_have_dimension := for_all_tyings (fun R d q k L w => forall theta,
  exists V : 'M[R]_(k, d), has_differences L theta V /\ (\rank V <= minn d k.-1)%N).

(* tied_gradient is the gradient of the divergence. *)
Definition gradient_of_tied_kl := for_all_tyings (fun R d q k L w => forall theta, exists C, forall h, norm h <= 1 ->
  `|tied_kl L w (theta + h) - tied_kl L w theta - dot (tied_gradient L w theta) h| <= C * norm h ^+ 2).

(* <theta, gradient> = E|sum_j gamma_j L_j theta|^2 >= S^2/(D + 2 S) where D > 0 is at least the dimension of a space
   with all differences of means in it, and S = tied_spent. *)
Definition gradient_points_outward := for_all_tyings (fun R d q k L w => forall theta (n : nat) (V : 'M[R]_(n, d)) (D : R),
  has_differences L theta V -> 0 < D -> (\rank V)%:R <= D ->
  dot theta (tied_gradient L w theta) =
    E (Eg R d) (fun t => dot (tied_mean L w theta (Xg t)) (tied_mean L w theta (Xg t))) /\
  tied_spent L w theta ^+ 2 <= (D + 2 * tied_spent L w theta) * dot theta (tied_gradient L w theta)).

(* Where N = sum_j w_j L_j^T L_j is invertible, S > 0 but at 0, nothing but 0 is stationary, and the divergence grows
   along every ray from 0. *)
Definition only_zero_is_stationary := for_all_tyings (fun R d q k L w => forall theta,
  \sum_j w j *: ((L j)^T *m L j) \in unitmx ->
  [/\ tied_gradient L w theta = 0 <-> theta = 0, theta != 0 -> 0 < tied_spent L w theta &
      theta != 0 -> forall s t, 0 <= s -> s < t -> tied_kl L w (s *: theta) < tied_kl L w (t *: theta)]).

(* Orthogonal maps: KL exceeds |theta|^4/(4(D + 2|theta|^2)), and S = |theta|^2. *)
Definition kl_exceeds_quartic := for_all_mixtures (fun R d k U w => forall theta (n : nat) (V : 'M[R]_(n, d)) (D : R),
  theta != 0 -> has_differences U theta V -> 0 < D -> (\rank V)%:R <= D ->
  dot theta theta ^+ 2 / (4 * (D + 2 * dot theta theta)) < KL U w theta /\
  tied_spent U w theta = dot theta theta).

(* Gradient descent theta - s gradient with any 0 < s < 2 (EM is s = 1) never goes away from 0; from every start and with
   any weights |theta_n|^2 <= |theta_0|^2/(1 + c n |theta_0|^2), c = s(2 - s)/(D + 2|theta_0|^2), where D > 0 is at least
   the dimension of the differences of means, and |theta_n|^2 <= (1 - s(2 - s) e^(-|theta_0|^2) sigma^2)^n |theta_0|^2. *)
Definition gradient_steps_converge := for_all_mixtures (fun R d k U w => forall (s D sigma2 : R) theta n, 0 < s < 2 ->
  let square n := norm (iter n (fun eta => eta - s *: gradient U w eta) theta) ^+ 2 in
  [/\ square n <= square 0%N,
      0 < D -> (forall eta, exists V : 'M[R]_(k, d), has_differences U eta V /\ (\rank V)%:R <= D) ->
        square n * (1 + s * (2 - s) / (D + 2 * square 0%N) * n%:R * square 0%N) <= square 0%N &
      0 <= sigma2 <= 1 -> below_spectrum U w sigma2 ->
        square n <= (1 - s * (2 - s) * expR (- square 0%N) * sigma2) ^+ n * square 0%N]).

(* The cyclic case: U_j = T^j with T orthogonal and T^k = 1, k = k' + 1. P_m = (1/k) sum_s cos(2 pi ms/k) T^s is the
   orthogonal projection on the frequencies m and -m where these are one, and half of it else; Q_m is the same with the
   sine, dft_sqr m q = |sum_j q_j e^(2 pi i jm/k)|^2, and beta m theta = E |gamma^_m|^2. *)
Definition for_all_cyclic (claim : forall (R : realType) (d k' : nat), 'M[R]_d -> ('I_k'.+1 -> R) -> Prop) :=
  forall (R : realType) (d k' : nat) (T : 'M[R]_d) (w : 'I_k'.+1 -> R),
    T^T *m T = 1%:M -> rot T k'.+1 = 1%:M -> weights w -> claim R d k' T w.

(* A's eigenvalues are a + ib on the vectors (P_m - i Q_m) x, a and b the real and the imaginary part of the transform
   of the weights at m; the P_m are symmetric and sum to 1, and A multiplies the norm on the range of P_m by the
   modulus of the transform. *)
Definition spectrum_of_A := for_all_cyclic (fun R d k' T w => forall m : nat,
  [/\ A (@orbit R d k' T) w *m Pm k' T m = dft_re m w *: Pm k' T m + dft_im m w *: Qm k' T m,
      A (@orbit R d k' T) w *m Qm k' T m = dft_re m w *: Qm k' T m - dft_im m w *: Pm k' T m,
      (Pm k' T m)^T = Pm k' T m, \sum_(i < k'.+1) Pm k' T i = 1%:M &
      forall h, norm (A (@orbit R d k' T) w *m (Pm k' T m *m h)) ^+ 2 = dft_sqr m w * norm (Pm k' T m *m h) ^+ 2]).

(* The least |pi^_m|^2 over the frequencies m other than 0 is below the spectrum of A^T A. *)
Definition transforms_below_spectrum := for_all_cyclic (fun R d k' T w => forall sigma2 : R, sigma2 <= 1 ->
  (forall m : 'I_k'.+1, (0 < m)%N -> sigma2 <= dft_sqr m w) -> below_spectrum (@orbit R d k' T) w sigma2).

(* theta is a vertex of a regular simplex about 0 whose vertices T permutes, regular_simplex k' T theta, if
   <theta, T^s theta> = -|theta|^2/(k - 1) for 0 < s < k. Every frequency but 0 is in a vertex. *)
Definition simplex_has_all_frequencies := for_all_cyclic (fun R d k' T w => forall (v : 'cV[R]_d) (m : nat),
  (0 < m < k'.+1)%N -> v != 0 -> regular_simplex k' T v -> Pm k' T m *m v != 0).

(* On the span of a simplex A^T A is positive definite if and only if no transform vanishes but that at 0, which
   is 1. *)
Definition definite_on_simplex := for_all_cyclic (fun R d k' T w => forall v : 'cV[R]_d,
  v != 0 -> regular_simplex k' T v ->
  (forall m : nat, (0 < m < k'.+1)%N -> 0 < dft_sqr m w) <->
  (forall a : 'I_k'.+1 -> R, let h := \sum_s a s *: (rot T s *m v) in h != 0 ->
    0 < dot (A (@orbit R d k' T) w *m h) (A (@orbit R d k' T) w *m h))).

(* Where the moduli of two transforms differ EM takes small regular simplices to means that form none. *)
Definition simplex_not_kept := for_all_cyclic (fun R d k' T w => forall (m n : nat) theta,
  (0 < m < k'.+1)%N -> (0 < n < k'.+1)%N -> theta != 0 -> regular_simplex k' T theta ->
  8 * (d%:R + 1) * norm theta < `|dft_sqr m w - dft_sqr n w| ->
  ~ regular_simplex k' T (M (@orbit R d k' T) w theta)).

(* There are four components, weights and a regular simplex that is not kept. *)
Definition a_simplex_is_lost := forall R : realType,
  exists (T : 'M[R]_4) (w : 'I_4 -> R) (theta : 'cV[R]_4),
  [/\ T^T *m T = 1%:M /\ rot T 4 = 1%:M, weights w, theta != 0, regular_simplex 3 T theta &
      ~ regular_simplex 3 T (M (@orbit R 4 3 T) w theta)].

(* Each frequency contracts by itself. *)
Definition frequencies_do_not_mix := for_all_cyclic (fun R d k' T w => forall (m : nat) theta,
  Pm k' T m *m M (@orbit R d k' T) w theta = (1 - beta T w m theta) *: (Pm k' T m *m theta) /\
  0 <= beta T w m theta <= 1).

(* Equal weights: every transform but that at 0 vanishes. *)
Definition uniform_weights_vanish := forall (R : realType) (k' m : nat), (0 < m < k'.+1)%N ->
  @dft_sqr R k' m (fun=> k'.+1%:R^-1) = 0.

(* The condition on the transforms is sufficient and necessary for an exponential rate. *)
Definition dft_condition := for_all_cyclic (fun R d k' T w =>
  ((forall m : 'I_k'.+1, (0 < m)%N -> 0 < dft_sqr m w) -> forall theta,
    exponential (fun n => norm (iter n (M (@orbit R d k' T) w) theta)) /\
    exponential (fun n => KL (@orbit R d k' T) w (iter n (M (@orbit R d k' T) w) theta))) /\
  (forall (m : nat) theta, dft_sqr m w = 0 -> Pm k' T m *m theta != 0 ->
    ~ exponential (fun n => norm (iter n (M (@orbit R d k' T) w) theta)) /\
    ~ exponential (fun n => KL (@orbit R d k' T) w (iter n (M (@orbit R d k' T) w) theta)))).

(* Where the transform of the weights vanishes at m, beta_m(theta) <= k |theta|^2. *)
Definition vanishing_power := for_all_cyclic (fun R d k' T w => forall (m : nat) theta, dft_sqr m w = 0 ->
  beta T w m theta <= k'.+1%:R * norm theta ^+ 2).

(* From a start that has this frequency neither the squares of |theta_t| nor the roots of KL have a finite sum. *)
Definition sums_diverge := for_all_cyclic (fun R d k' T w => forall (m : nat) theta, dft_sqr m w = 0 ->
  Pm k' T m *m theta != 0 -> forall C : R,
  (exists n : nat, C < \sum_(t < n) norm (iter t (M (@orbit R d k' T) w) theta) ^+ 2) /\
  (exists n : nat, C < \sum_(t < n) Num.sqrt (KL (@orbit R d k' T) w (iter t (M (@orbit R d k' T) w) theta)))).
