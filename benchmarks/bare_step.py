"""The least that a step of a form can be in Streamlit: a question, a button, the next heading."""

import streamlit as st


def go_on() -> None:
    st.session_state.step += 1


step = st.session_state.setdefault("step", 1)
st.header(f"Question {step}")
st.radio("Your answer", ["Yes", "No", "Not sure"], key=f"answer_{step}")
st.button("Continue", on_click=go_on)
