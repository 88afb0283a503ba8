"""The searchers as scikit-learn estimators: the same table as scikit-learn's own, and Optuna beside it."""

import numpy as np
from scipy.stats import loguniform
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from hyperparameter_tuning.tasks.searchers import OptunaSearch, RandomSearch


def main() -> None:
    """Search the same space three ways and print what each found."""
    X, y = load_breast_cancer(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), SVC())
    space = {"svc__C": loguniform(1e-2, 1e3), "svc__gamma": loguniform(1e-4, 1e-1)}

    ours = RandomSearch(pipeline, space, n_iter=12, random_state=0).fit(X, y)
    theirs = RandomizedSearchCV(pipeline, space, n_iter=12, random_state=0).fit(X, y)
    same = np.array_equal(ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"])
    print(f"random: {ours.best_score_:.4f}; scikit-learn's scores are the same to the bit: {same}")

    guided = OptunaSearch(pipeline, space, n_trials=12, random_state=0).fit(X, y)
    print(f"optuna: {guided.best_score_:.4f} with {guided.best_params_}")


if __name__ == "__main__":
    main()
