
Theorem checked : claim.
Proof.
  intros k m Hm. destruct (constant_sums k m (/ INR k) Hm) as [C S].
  unfold dft_power, real_part, imaginary_part. rewrite repeat_length, C, S. ring.
Qed.
